using System.Text;
using Microsoft.Extensions.Configuration;
using SpeedData.Core.Configuration;
using static SpeedData.Tests.Configuration.ConfigurationBench;

namespace SpeedData.Tests.Configuration;

/// <summary>Which files are read, and which source takes precedence.</summary>
public sealed class ConfigurationFilesTests
{
    [Test]
    public void Environment_overrides_the_file_and_the_command_line_overrides_both()
    {
        using var bench = new ConfigurationBench();
        bench.Environment.Add("SpeedData__Channels__0__Port", "26001");
        bench.Environment.Add("SPEEDDATA__CHANNELS__0__DECIMATED__FACTOR", "7");
        bench.Environment.Add("SpeedData__Storage__AvroPath", "/var/lib/speeddata");
        SpeedDataOptions options = bench.Options(Channels(Channel()), null, "--SpeedData:Channels:0:Port=26002", "--SpeedData:Shutdown:DrainFor", "1 s");
        Assert.Multiple(() =>
        {
            Assert.That(options.Channels[0].Port, Is.EqualTo(26002));
            Assert.That(options.Channels[0].Decimated.Factor, Is.EqualTo(7));
            Assert.That(options.AvroPath, Is.EqualTo("/var/lib/speeddata"));
            Assert.That(options.DrainFor, Is.EqualTo(TimeSpan.FromSeconds(1)));
        });
    }

    [Test]
    public void A_channel_may_come_from_the_environment_alone_and_leave_a_gap()
    {
        using var bench = new ConfigurationBench();
        bench.Environment.Add("SpeedData__Channels__10__Name", "late");
        bench.Environment.Add("SpeedData__Channels__10__Port", "26010");
        bench.Environment.Add("SpeedData__Channels__10__Schema", "good.avsc");
        bench.Environment.Add("SpeedData__Channels__9__Name", "early");
        bench.Environment.Add("SpeedData__Channels__9__Port", "26009");
        bench.Environment.Add("SpeedData__Channels__9__Schema", "good.avsc");
        Assert.That(bench.Options(Channels(Channel())).Channels.Select(c => c.Name), Is.EqualTo(new[] { "a", "early", "late" }));
    }

    [Test]
    public void A_second_file_may_override_general_keys_and_add_channels_with_other_numbers()
    {
        using var bench = new ConfigurationBench();
        SpeedDataOptions options = bench.Options(
            Channels(Channel()),
            $$"""{ "SpeedData": { "Defaults": { "Ring": { "Bytes": "1 MiB" } }, "Channels": { "1": {{Channel(name: "b", port: 26001)}} } } }""");
        Assert.That(options.Channels.Select(c => (c.Name, c.Ring.Bytes)), Is.EqualTo(new[] { ("a", 1 << 20), ("b", 1 << 20) }));
    }

    private static IEnumerable<TestCaseData> FilesThatAreNoJson()
    {
        yield return new TestCaseData(Array.Empty<byte>(), "it is empty").SetArgDisplayNames("an empty file");
        yield return new TestCaseData(" \r\n"u8.ToArray(), "it is empty").SetArgDisplayNames("blanks");
        yield return new TestCaseData(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("{}")).ToArray(), "UTF-8").SetArgDisplayNames("UTF-16");
    }

    [TestCaseSource(nameof(FilesThatAreNoJson))]
    public void A_file_that_is_not_JSON_gets_a_helpful_message(byte[] content, string told)
    {
        using var bench = new ConfigurationBench();
        string path = Path.Combine(bench.Folder, "odd.json");
        File.WriteAllBytes(path, content);
        ConfigurationFault fault = bench.Load([path]).Faults.Single();
        Assert.Multiple(() =>
        {
            Assert.That(fault.Value, Is.EqualTo(path));
            Assert.That(fault.Message, Does.Contain(told));
        });
    }

    [Test]
    public void A_folder_in_place_of_a_file_is_reported_as_a_folder()
    {
        using var bench = new ConfigurationBench();
        Assert.That(bench.Load([bench.Folder]).Faults.Single().Message, Does.Contain("folder"));
    }

    [Test]
    [Platform("Linux")]
    public void A_device_that_never_ends_is_refused_without_reading_on()
    {
        using var bench = new ConfigurationBench();
        Assert.That(bench.Load(["/dev/zero"]).Faults.Single().Message, Does.Contain("64 MiB"));
    }

    [Test]
    public void The_file_comes_from_argument_environment_working_directory_or_program_folder_in_this_order()
    {
        using var bench = new ConfigurationBench();
        Directory.CreateDirectory(Path.Combine(bench.Folder, "program"));
        Directory.CreateDirectory(Path.Combine(bench.Folder, "etc"));
        string beside = bench.Write("program/appsettings.json", "{}");
        Assert.That(bench.Load([]).Files, Is.EqualTo(new[] { beside }));
        string working = bench.Write("appsettings.json", "{}");
        Assert.That(bench.Load([]).Files, Is.EqualTo(new[] { working }));
        string variable = bench.Write("etc/variable.json", "{}");
        bench.Environment.Add("SPEEDDATA_CONFIG", "etc/variable.json");
        Assert.That(bench.Load([]).Files, Is.EqualTo(new[] { variable }));
        string named = bench.Write("etc/.named.json", "{}");
        Assert.That(bench.Load([named, "appsettings.json"]).Files, Is.EqualTo(new[] { named, working }));
        Assert.That(bench.Load([named, "appsettings.json"]).BaseDirectory, Is.EqualTo(Path.Combine(bench.Folder, "etc")));
    }

    [Test]
    public void A_missing_file_is_one_fault_that_names_it()
    {
        using var bench = new ConfigurationBench();
        ConfigurationResult named = ConfigurationReader.Read(bench.Load(["nowhere/x.json"]), bench.Probes());
        ConfigurationResult none = ConfigurationReader.Read(bench.Load([]), bench.Probes());
        Assert.Multiple(() =>
        {
            Assert.That(named.Faults.Single().Value, Does.EndWith("nowhere/x.json"));
            Assert.That(none.Faults.Single().Message, Does.Contain("--config FILE").And.Contain("SPEEDDATA_CONFIG"));
        });
    }

    [Test]
    public void Variables_that_differ_only_in_case_are_a_fault()
    {
        using var bench = new ConfigurationBench();
        bench.Environment.Add("SpeedData__Channels__0__Port", "26001");
        bench.Environment.Add("SPEEDDATA__Channels__0__Port", "26002");
        Assert.That(bench.Read(Channels(Channel())).Faults.Single().Key, Is.EqualTo("SPEEDDATA__Channels__0__Port"));
    }

    [TestCase("""{ "A": { "B": [ "x", 1.50, true, null, {}, [] ] }, "C": { "D": "\u00e9" }, /* why */ "E:F": 1e3, }""")]
    [TestCase("""{ "A": [], "B": {}, "C": [ { "D": false }, [ 1, [ 2 ] ] ] }""")]
    [TestCase("{ }")]
    public void A_file_is_flattened_as_dotnet_flattens_it(string json)
    {
        using var bench = new ConfigurationBench();
        string path = bench.Write("any.json", "\ufeff" + json);
        IEnumerable<KeyValuePair<string, string?>> expected = new ConfigurationBuilder().AddJsonFile(path).Build().AsEnumerable();
        IEnumerable<KeyValuePair<string, string?>> own = bench.Load([path]).Configuration.AsEnumerable();
        Assert.That(own, Is.EquivalentTo(expected));
    }
}
