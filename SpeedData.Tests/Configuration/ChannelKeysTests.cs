using System.Net;
using SpeedData.Core.Configuration;
using SpeedData.Core.Configuration.Validation;
using SpeedData.Tests.Schema;

namespace SpeedData.Tests.Configuration;

public sealed class ChannelKeysTests
{
    [Test]
    public void Every_option_of_a_channel_except_its_name_has_a_key()
    {
        string[] options = [.. Leaves(typeof(ChannelOptions), "").Where(name => name is not ("Name" or "OtherSchemas")).Select(Key)];
        Assert.That(ChannelKeys.All.Select(key => key.Name), Is.EquivalentTo(options));
    }

    [Test]
    public void A_new_channel_is_checked_against_the_running_ones_and_only_the_new_one_is_refused()
    {
        ChannelOptions running = Options("a", 26000), conflict = Options("b", 26000), feedback = Options("c", 26001) with { FullRate = new StreamOptions { Address = IPAddress.Loopback, Port = 26000 } };
        Assert.Multiple(() =>
        {
            Assert.That(Check([running], [Options("b", 26001)]), Is.Empty);
            Assert.That(Check([running], [Options("A", 26001)]), Is.Empty, "the new channel replaces the running one");
            Assert.That(Check([running], [conflict]).Single(), Is.EqualTo(("b", "Port")));
            Assert.That(Check([running], [feedback]).Single(), Is.EqualTo(("c", "FullRate:Port")));
        });
    }

    [Test]
    public void The_documentation_lists_every_key_with_the_parts_that_it_replaces()
    {
        IEnumerable<string> section = Reference().SkipWhile(line => line != "## What a changed key replaces");
        string[] rows = [.. section.Where(line => line.StartsWith("| `", StringComparison.Ordinal))];
        Assert.That(rows, Is.EquivalentTo(ChannelKeys.All.Select(key => $"| `{key.Name}` | {KeyCost.Of(key.Effects).Replaces} | {KeyCost.Of(key.Effects).When} | {KeyCost.Of(key.Effects).Cost} |")));
    }

    [Test]
    public void The_documentation_explains_every_key()
    {
        string[] rows = [.. Reference().TakeWhile(line => line != "## What a changed key replaces").Where(line => line.StartsWith("| `", StringComparison.Ordinal))];
        Assert.That(ChannelKeys.All.Select(key => key.Name).Where(name => !rows.Any(row => row.Contains($":{name}`", StringComparison.Ordinal))), Is.Empty);
    }

    private static IEnumerable<string> Reference() => File.ReadLines(Schemas.RepositoryFile("docs/configuration.md"));

    private static IEnumerable<(string? Channel, string Key)> Check(ChannelOptions[] running, ChannelOptions[] wanted)
    {
        var probes = new ConfigurationProbes { HostAddresses = () => new HashSet<IPAddress> { IPAddress.Loopback } };
        return ChannelSet.Check(running, wanted, probes).Select(fault => (fault.Channel, fault.Key));
    }

    private static ChannelOptions Options(string name, int port) => new()
    {
        Name = name,
        Port = port,
        SchemaPath = "",
        FullRate = new StreamOptions { Enabled = name == "c", Address = IPAddress.Loopback, Port = port + 100 },
        Decimated = new DecimatedOptions { Enabled = false, Address = IPAddress.Loopback, Port = 9 },
    };

    private static IEnumerable<string> Leaves(Type type, string prefix) => type.GetProperties()
        .Where(p => p.SetMethod is not null)
        .SelectMany(p => p.PropertyType.Namespace == typeof(ChannelOptions).Namespace && p.PropertyType.IsClass && p.PropertyType.Name.EndsWith("Options", StringComparison.Ordinal)
            ? Leaves(p.PropertyType, $"{prefix}{p.Name}:")
            : [$"{prefix}{p.Name}"]);

    private static string Key(string property) => property switch
    {
        "SchemaPath" => "Schema",
        "Time:UnitNs" => "Time:Unit",
        _ => property,
    };
}
