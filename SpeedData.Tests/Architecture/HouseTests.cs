using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace SpeedData.Tests.Architecture;

/// <summary>Which folder may use which other folder, and where dangerous tools are allowed. The tests read the source files.</summary>
public sealed partial class HouseTests
{
    private static readonly string Core = Path.Combine(Root(), "SpeedData.Core");

    /// <summary>For each folder, the other folders that it may use.</summary>
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Native"] = [],
        ["Host"] = [],
        ["Configuration"] = ["Host", "Schema"],
        ["Sources"] = [],
        ["Diagnostics"] = ["Schema", "Sources"],
        ["Schema"] = [],
        ["Ring"] = ["Sources", "Threading"],
        ["Tap"] = ["Schema"],
        ["Threading"] = ["Host", "Native"],
        ["Decimate"] = ["Configuration", "Schema"],
        ["Sockets"] = ["Configuration", "Native", "Threading"],
        ["Receive"] = ["Configuration", "Decimate", "Diagnostics", "Native", "Rejects", "Relay", "Ring", "Schema", "Sockets", "Sources", "Tap", "Threading"],
        ["Relay"] = ["Configuration", "Native", "Sockets"],
        ["Container"] = ["Configuration", "Native", "Schema"],
        ["Archive"] = ["Configuration", "Container", "Diagnostics", "Host", "Native", "Ring", "Schema", "Sources", "Threading"],
        ["Reading"] = ["Archive", "Configuration", "Container", "Schema", "Sources"],
        ["Rejects"] = ["Archive", "Configuration", "Container", "Diagnostics", "Native", "Ring", "Schema", "Sources", "Threading"],
        ["Export"] = ["Container", "Host", "Reading", "Schema"],
        ["Tags"] = ["Archive", "Configuration", "Container", "Diagnostics", "Native", "Reading", "Threading"],
        ["Inspect"] = ["Archive", "Container", "Host", "Native", "Schema"],
        ["Channels"] = ["Archive", "Configuration", "Diagnostics", "Host", "Receive", "Relay", "Ring", "Schema", "Sockets", "Tap", "Threading"],
        ["Live"] = ["Channels", "Configuration", "Decimate", "Diagnostics", "Reading", "Schema", "Tap", "Threading"],
        ["Replay"] = ["Receive", "Configuration", "Decimate", "Reading", "Relay", "Schema", "Sockets", "Native"],
        ["Registration"] = ["Archive", "Configuration", "Native"],
        ["Import"] = ["Archive", "Configuration", "Container", "Inspect", "Schema"],
        // Archive: all channels share one retention.
        ["Supervision"] = ["Archive", "Channels", "Configuration", "Diagnostics", "Receive", "Rejects", "Schema", "Sockets", "Threading"],
    };

    [Test]
    public void Each_room_uses_only_the_rooms_below_it()
    {
        var wrong = new List<string>();
        foreach (string folder in Directory.EnumerateDirectories(Core).Where(IsRoom))
        {
            string room = Path.GetFileName(folder);
            Assert.That(MayUse, Does.ContainKey(room), "a new folder must be listed here with the folders that it may use");
            foreach ((string file, string text) in Sources(folder))
            {
                wrong.AddRange(UsedRooms().Matches(text).Select(m => m.Groups[1].Value)
                    .Where(used => used != room && MayUse.ContainsKey(used) && !MayUse[room].Contains(used))
                    .Select(used => $"{file} uses {used}"));
            }
        }

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Native_calls_are_declared_in_Native_only() =>
        Assert.That(FilesWith(Imports()).Where(f => !f.Contains("/Native/", StringComparison.Ordinal)), Is.Empty);

    [Test]
    public void Threads_are_made_in_Threading_only() =>
        Assert.That(FilesWith(NewThread()).Where(f => !f.Contains("/Threading/", StringComparison.Ordinal)), Is.Empty);

    [Test]
    public void Memory_is_touched_unsafely_only_on_the_datagram_path()
    {
        string[] allowed = ["Native", "Threading", "Receive", "Ring", "Tap", "Live", "Relay", "Decimate", "Container", "Archive", "Diagnostics", "Sources", "Rejects"];
        Assert.That(FilesWith(Unsafe()).Where(f => !allowed.Any(room => f.Contains($"/SpeedData.Core/{room}/", StringComparison.Ordinal))), Is.Empty);
    }

    [Test]
    public void No_call_that_may_block_suppresses_the_transition_of_the_garbage_collector() =>
        Assert.That(FilesWith(Suppressed()), Is.Empty);

    [Test]
    public void No_source_file_is_longer_than_four_hundred_lines() =>
        Assert.That(Sources(Root()).Where(s => s.Text.Count(c => c == '\n') > 400).Select(s => s.File), Is.Empty);

    [Test]
    public void The_core_does_not_know_the_server() =>
        Assert.That(typeof(SpeedData.Core.Ring.BurstRing).Assembly.GetReferencedAssemblies().Select(a => a.Name), Has.None.StartsWith("SpeedData.Server").And.None.StartsWith("Microsoft.AspNetCore"));

    /// <summary>Fails if a type is missing in the list of SpeedData.Core.csproj. Nothing else would show it, except slower code.</summary>
    [Test]
    public void The_datagram_path_is_compiled_on_the_machine_it_runs_on() =>
        Assert.That(
            new[] { "Receive.ReceiveLoop", "Receive.BatchedReceiver", "Ring.BurstRing", "Ring.Bell", "Tap.TapRing", "Relay.BatchedSender", "Relay.MessageBatch", "Decimate.Decimator", "Decimate.Numbers.FloatingSum", "Archive.ArchiveWriter", "Archive.BlockAssembler", "Archive.Index.BlockIndexer", "Schema.RecordScan", "Schema.RecordLayout", "Sources.SourceTable", "Export.DoubleText" }
                .Select(name => typeof(SpeedData.Core.Ring.BurstRing).Assembly.GetType("SpeedData.Core." + name, throwOnError: true)!)
                .SelectMany(type => type.GetMethods(BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance))
                .Where(method => !method.IsAbstract && !method.MethodImplementationFlags.HasFlag(MethodImplAttributes.AggressiveOptimization))
                .Select(method => $"{method.DeclaringType}.{method.Name}"),
            Is.Empty);

    [Test]
    public void No_two_types_share_a_name() =>
        Assert.That(
            new[] { typeof(SpeedData.Core.Ring.BurstRing).Assembly, typeof(SpeedData.Server.Application).Assembly }
                .SelectMany(a => a.GetTypes())
                .Where(t => t is { IsNested: false, Namespace: { } space } && space.StartsWith("SpeedData", StringComparison.Ordinal))
                .GroupBy(t => t.Name)
                .Where(types => types.Count() > 1)
                .Select(types => string.Join(" and ", types.Select(t => t.FullName))),
            Is.Empty);

    private static IEnumerable<string> FilesWith(Regex pattern) =>
        Sources(Core).Concat(Sources(Path.Combine(Root(), "SpeedData.Server"))).Where(s => pattern.IsMatch(s.Text)).Select(s => s.File);

    private static IEnumerable<(string File, string Text)> Sources(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
            .Select(f => (f, File.ReadAllText(f)));

    private static bool IsRoom(string folder) => Path.GetFileName(folder) is not ("obj" or "bin");

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));

    [GeneratedRegex(@"SpeedData\.Core\.([A-Z]\w+)")]
    private static partial Regex UsedRooms();

    [GeneratedRegex(@"\[(LibraryImport|DllImport)\b")]
    private static partial Regex Imports();

    [GeneratedRegex(@"new Thread\(")]
    private static partial Regex NewThread();

    [GeneratedRegex(@"\bunsafe\b(?!-)")]
    private static partial Regex Unsafe();

    [GeneratedRegex(@"SuppressGCTransition")]
    private static partial Regex Suppressed();
}
