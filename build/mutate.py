#!/usr/bin/env python3
"""Mutation sample: changes one place of SpeedData.Core at a time and reports the changes that no test notices.

    build/mutate.py [--count 40] [--seed 1] [--limit 300] [--all] ROOM=TESTS...

    ROOM   a folder or file below SpeedData.Core, for example Archive/Recovery
    TESTS  a filter of `dotnet test`: the tests that should notice, for example "FullyQualifiedName~Archive.Recovery"
    --all  runs the whole suite for each mutant that these tests miss

All mutants are compiled at once, in a copy of the working tree. The environment variable SPEEDDATA_MUTANT chooses one of them.
"""
import argparse, os, random, re, shutil, subprocess, sys, tempfile, time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SWITCH = """namespace SpeedData.Core;

internal static class Mutant
{
    private static readonly string? Chosen = System.Environment.GetEnvironmentVariable("SPEEDDATA_MUTANT");
    private static readonly int Number = Chosen is null ? -1 : int.Parse(Chosen);

    public static bool On(int mutant) => mutant == Number;
}
"""
BOUNDARY = {" < ": " <= ", " <= ": " < ", " > ": " >= ", " >= ": " > ", " == ": " != ", " != ": " == ", " && ": " || ", " || ": " && "}


def closing(text, opening):
    depth = 0
    for i in range(opening, len(text)):
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        if depth == 0:
            return i
    return -1


def declares(condition):
    """Whether a condition assigns variables, so that changing it would not compile."""
    return bool(re.search(r"\bis\b|\bout\b|=>|\?\?=", condition))


def mutants_of(line):
    """Returns mutants as (description, changed line with @ in place of the mutant's number)."""
    code = line.split("//")[0].rstrip()
    body = code.strip()
    indent = code[: len(code) - len(code.lstrip())]
    if not body or body.startswith(("[", "using ", "namespace ", "/*", "*")) or '$"""' in body:
        return
    for word in ("if (", "while ("):
        start = body.find(word)
        if start in (0, 5) and (start == 0 or body.startswith("else if")):
            opening = start + len(word) - 1
            end = closing(body, opening)
            condition = body[opening + 1 : end] if end > 0 else ""
            if condition and not declares(condition):
                if condition != "true":
                    yield "negated", f"{indent}{body[:opening]}(SpeedData.Core.Mutant.On(@) ^ ({condition})){body[end + 1:]}"
                for old, new in BOUNDARY.items():
                    if condition.count(old) == 1 and "==" not in old and "!=" not in old:
                        yield f"{old.strip()} became {new.strip()}", f"{indent}{body[:opening]}(SpeedData.Core.Mutant.On(@) ? {condition.replace(old, new)} : {condition}){body[end + 1:]}"
    simple = re.fullmatch(r"(return )?([\w.!?\[\]]+\(.*\)|[\w.]+ [-+|&]= .+|[\w.]+ = [^=].*|[\w.]+(\+\+|--));", body)
    if simple and not body.startswith(("return", "throw", "yield", "base", "await")) and not re.match(r"[\w<>?]+ \w+ =", body) and body.count("(") == body.count(")"):
        if not declares(body):
            # In braces, so that an "else" in the next line still belongs to the "if" before.
            yield "left out", f"{indent}{{ if (!SpeedData.Core.Mutant.On(@)) {body} }}"
    sum_ = re.fullmatch(r"([\w.]+) ([-+])= (.+);", body)
    if sum_:
        other = "-" if sum_[2] == "+" else "+"
        yield f"{sum_[2]}= became {other}=", f"{indent}{{ if (SpeedData.Core.Mutant.On(@)) {sum_[1]} {other}= {sum_[3]}; else {body} }}"
    truth = re.fullmatch(r"return (true|false);", body)
    if truth:
        yield "other truth", f"{indent}return SpeedData.Core.Mutant.On(@) ^ {truth[1]};"
    expression = re.fullmatch(r"((?:public |internal |private |protected |static |override |readonly )*bool \w+(?:\(.*\))?) => (.+);", body)
    if expression and not declares(expression[2]):
        yield "negated", f"{indent}{expression[1]} => SpeedData.Core.Mutant.On(@) ^ ({expression[2]});"
        for old, new in BOUNDARY.items():
            if expression[2].count(old) == 1:
                yield f"{old.strip()} became {new.strip()}", f"{indent}{expression[1]} => SpeedData.Core.Mutant.On(@) ? {expression[2].replace(old, new)} : {expression[2]};"


def candidates(tree, room, tests):
    path = tree / "SpeedData.Core" / room
    for file in [path] if path.is_file() else sorted(path.rglob("*.cs")):
        for number, line in enumerate(file.read_text(encoding="utf-8-sig").splitlines()):
            for what, changed in mutants_of(line):
                yield file, number, what, line.strip(), changed, tests


def run(command, tree, limit=None, **environment):
    process = subprocess.Popen(command, cwd=tree, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               env={**os.environ, **environment}, start_new_session=True)
    try:
        output, _ = process.communicate(timeout=limit)
        return process.returncode, output
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.communicate()
        return None, ""


def build(tree, files, chosen):
    """Compiles all mutants. Removes those that do not compile, and tries again."""
    originals = {file: file.read_text(encoding="utf-8-sig") for file in files}
    while True:
        for file, text in originals.items():
            lines = text.splitlines()
            for number, mutant in chosen.items():
                if mutant[0] == file:
                    lines[mutant[1]] = mutant[4].replace("@", str(number))
            file.write_text("\n".join(lines) + "\n")
        code, output = run(["dotnet", "build", "-c", "Release", "SpeedData.Tests", "-p:TreatWarningsAsErrors=false",
                            "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false", "-nodeReuse:false"], tree)
        if code == 0:
            return
        wrong = {(Path(m[1]).resolve(), int(m[2]) - 1) for m in re.finditer(r"^\s*(\S+\.cs)\((\d+),\d+\): error", output, re.M)}
        bad = [n for n, mutant in chosen.items() if (mutant[0].resolve(), mutant[1]) in wrong]
        # Some errors appear elsewhere in the file, for example an "out" parameter that is never assigned.
        bad = bad or [n for n, mutant in chosen.items() if any(file == mutant[0].resolve() for file, _ in wrong)]
        if not bad:
            sys.exit("it does not build:\n" + output[-3000:])
        for number in bad:
            del chosen[number]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--count", type=int, default=40)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--limit", type=int, default=300)
    arguments.add_argument("--all", action="store_true")
    arguments.add_argument("rooms", nargs="+", metavar="ROOM=TESTS")
    given = arguments.parse_args()

    tree = Path(tempfile.mkdtemp(prefix="speeddata-mutants-"))
    try:
        shutil.copytree(ROOT, tree, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".git", "bin", "obj", "data"))
        chance, chosen = random.Random(given.seed), {}
        rooms = [room.split("=", 1) for room in given.rooms]
        for i, (room, tests) in enumerate(rooms):
            # One mutant per line, and some spare ones for those that do not compile.
            places = {}
            for mutant in candidates(tree, room, tests):
                places.setdefault(mutant[:2], []).append(mutant)
            wanted = given.count * (i + 1) // len(rooms) - given.count * i // len(rooms)
            for place in chance.sample(sorted(places), min(wanted, len(places))):
                chosen[len(chosen) + 1] = chance.choice(places[place])
        (tree / "SpeedData.Core" / "Mutant.cs").write_text(SWITCH)
        build(tree, {mutant[0] for mutant in chosen.values()}, chosen)
        print(f"{len(chosen)} mutants", flush=True)

        test = ["dotnet", "test", "-c", "Release", "--no-build", "SpeedData.Tests"]
        for tests in {mutant[5] for mutant in chosen.values()}:
            # A test may fail only because the machine is busy, so the tests get up to three tries. A mutant may seem killed for the same reason.
            for _ in range(3):
                code, output = run([*test, "--filter", tests], tree, given.limit * 2)
                if code == 0:
                    break
            else:
                sys.exit(f"without a mutant these tests are not green: {tests}\n{output[-2000:]}")
        ends = {"killed": 0, "killed by hanging": 0, "survived": 0}
        for number, (file, line, what, text, _, tests) in chosen.items():
            began = time.monotonic()
            code, _ = run([*test, "--filter", tests, "--", "NUnit.StopOnError=true"], tree, given.limit, SPEEDDATA_MUTANT=str(number))
            if code == 0 and given.all:
                code, _ = run(test, tree, None, SPEEDDATA_MUTANT=str(number))
            end = "survived" if code == 0 else "killed by hanging" if code is None else "killed"
            ends[end] += 1
            print(f"{end:17} {time.monotonic() - began:4.0f} s  {file.relative_to(tree)}:{line + 1}: {what}: {text}", flush=True)
        print(", ".join(f"{count} {end}" for end, count in ends.items()))
    finally:
        shutil.rmtree(tree, ignore_errors=True)


main()
