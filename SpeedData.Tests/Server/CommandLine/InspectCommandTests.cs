using System.Text.Json;
using SpeedData.Core.Configuration;
using SpeedData.Server;
using SpeedData.Tests.Archive.Recovery;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Server.CommandLine;

/// <summary>The commands verify and repair, as run from a shell.</summary>
public sealed class InspectCommandTests
{
    private TempFolder _folder = null!;
    private Pristine _archive = null!;
    private StringWriter _output = null!;
    private StringWriter _error = null!;

    [SetUp]
    public void Begin()
    {
        (_folder, _output, _error) = (new TempFolder(), new StringWriter(), new StringWriter());
        _archive = RecoveryBench.Archive(ArchiveCodec.Null, 3, 5);
        Put(_archive.Finished, _archive.Bytes);
        Put(_archive.IndexName, _archive.Index);
    }

    [TearDown]
    public void End()
    {
        _folder.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Test]
    public async Task Verify_ends_with_0_for_clean_files_and_shows_their_contents()
    {
        Assert.That(await Run("verify", In, "--counter", "sequence"), Is.Zero);
        Assert.That(_output.ToString(), Does.Contain("clean").And.Contain("8 records in 2 blocks").And.Contain("received 2026-01-02T03:04:05.").And.Contain("8 values from 0 to 7"));
    }

    [Test]
    public async Task Verify_ends_with_1_for_findings_and_reports_each_with_its_position()
    {
        Spoil();
        Assert.That(await Run("verify", In), Is.EqualTo(1));
        Assert.That(_output.ToString(), Does.Contain($"checksum_mismatch at {_archive.File.BlockStarts[1]:N0}").Or.Contain($"at {_archive.File.BlockStarts[1]:N0}"));
    }

    [Test]
    public async Task Verify_ends_with_66_if_a_path_is_missing_and_verifies_the_others()
    {
        Assert.That(await Run("verify", In, "/no/such"), Is.EqualTo(66));
        Assert.That(_error.ToString(), Does.Contain("/no/such is missing"));
        Assert.That(_output.ToString(), Does.Contain("1 clean"));
    }

    [Test]
    public async Task Verify_reports_what_it_cannot_check_without_an_index()
    {
        File.Delete(Path.Combine(In, _archive.IndexName));
        Assert.That(await Run("verify", In), Is.Zero);
        Assert.That(_output.ToString(), Does.Contain("a changed value that still fits the schema is not found"));
    }

    [Test]
    public async Task Json_is_one_document_with_the_exit_code_and_every_finding()
    {
        Spoil();
        int code = await Run("verify", "--json", In);
        using var json = JsonDocument.Parse(_output.ToString());
        JsonElement file = json.RootElement.GetProperty("files")[0];
        Assert.Multiple(() =>
        {
            Assert.That(json.RootElement.GetProperty("exit_code").GetInt32(), Is.EqualTo(code).And.EqualTo(1));
            Assert.That(file.GetProperty("clean").GetBoolean(), Is.False);
            Assert.That(file.GetProperty("records").GetInt64(), Is.EqualTo(3));
            Assert.That(file.GetProperty("index").GetString(), Is.EqualTo("used"));
            Assert.That(file.GetProperty("findings")[0].GetProperty("offset").GetInt64(), Is.EqualTo(_archive.File.BlockStarts[1]));
            Assert.That(file.GetProperty("received").GetProperty("first").GetString(), Does.StartWith("2026-01-02T03:04:05."));
        });
    }

    [Test]
    public async Task Repair_ends_with_0_if_nothing_is_lost_and_its_result_is_clean()
    {
        Assert.That(await Run("repair", In, "--output", Out), Is.Zero);
        Assert.That(await Run("verify", Out), Is.Zero);
        Assert.That(await Run("repair", In, "--output", Out), Is.EqualTo(73), "a second time");
    }

    [Test]
    public async Task Repair_ends_with_3_if_something_is_lost()
    {
        Put(_archive.Finished, _archive.Bytes.AsSpan(0, _archive.Bytes.Length - 20));
        Assert.That(await Run("repair", In, "--output", Out, "--json"), Is.EqualTo(3));
        using var json = JsonDocument.Parse(_output.ToString());
        JsonElement file = json.RootElement.GetProperty("files")[0];
        Assert.Multiple(() =>
        {
            Assert.That(file.GetProperty("lossy").GetBoolean(), Is.True);
            Assert.That(file.GetProperty("records").GetInt64() + file.GetProperty("salvaged_records").GetInt64() + file.GetProperty("lost_records").GetInt64(), Is.EqualTo(8));
            Assert.That(file.GetProperty("target").GetString(), Is.EqualTo(Path.Combine(Out, _archive.Finished)));
        });
    }

    [Test]
    public async Task Repair_in_place_is_refused_with_73()
    {
        Assert.That(await Run("repair", In, "--output", In), Is.EqualTo(73));
        Assert.That(_error.ToString(), Does.Contain("no file is repaired in place"));
    }

    [Test]
    public async Task On_a_terminal_progress_is_shown_and_removed_at_the_end()
    {
        await Run(new ApplicationEnvironment { Output = _output, Error = _error, IsTerminal = true, Time = new HurryingTime() }, "verify", In);
        Assert.That(_error.ToString(), Does.Contain($"\r1 of 1: ").And.Contain($"% of {_archive.Finished}").And.EndsWith("\r"));
        Assert.That(_output.ToString(), Does.Not.Contain('\r'));
    }

    [TestCase("repair", ".")]
    [TestCase("verify")]
    [TestCase("verify", ".", "--no-such-option")]
    [TestCase("verify", ".", "--step", "0")]
    public async Task A_wrong_command_line_ends_with_64(params string[] arguments) =>
        Assert.That(await Run(arguments), Is.EqualTo(64));

    [Test]
    public async Task A_stopped_repair_ends_with_130_and_leaves_no_incomplete_file()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        Assert.That(await Run(new ApplicationEnvironment { Output = _output, Error = _error, Stop = stop.Token }, "repair", In, "--output", Out), Is.EqualTo(130));
        Assert.That(Directory.Exists(Out) ? Directory.EnumerateFiles(Out) : [], Is.Empty);
    }

    [Test]
    public async Task Text_from_a_file_cannot_control_the_terminal()
    {
        byte[] evil = new Container.ContainerBuilder().Magic().Entries(2, ("avro.schema", Container.ContainerBuilder.LongSchema), ("avro.codec", "\u001b[2J\u009b31m")).EndHeader().Bytes;
        Put("evil.avro", evil);
        await Run("verify", Path.Combine(In, "evil.avro"));
        Assert.That(_output.ToString().Where(char.IsControl), Has.None.EqualTo('\u001b').And.None.EqualTo('\u009b'));
    }

    private string In => Path.Combine(_folder.Path, "in");

    private string Out => Path.Combine(_folder.Path, "out");

    private void Put(string name, ReadOnlySpan<byte> bytes)
    {
        Directory.CreateDirectory(In);
        File.WriteAllBytes(Path.Combine(In, name), bytes);
    }

    private void Spoil()
    {
        byte[] changed = [.. _archive.Bytes];
        changed[_archive.File.BlockEnds[1] - 20] ^= 1;
        Put(_archive.Finished, changed);
    }

    private Task<int> Run(params string[] arguments) => Run(new ApplicationEnvironment { Output = _output, Error = _error, IsTerminal = false }, arguments);

    /// <summary>A clock that advances by a second each time it is read.</summary>
    private sealed class HurryingTime : TimeProvider
    {
        private long _now;

        public override long GetTimestamp() => _now += TimestampFrequency;
    }

    private static Task<int> Run(ApplicationEnvironment environment, params string[] arguments) => Application.RunAsync(arguments, environment);
}
