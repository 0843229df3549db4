using System.Net;
using SpeedData.Core.Configuration;
using static SpeedData.Tests.Configuration.ConfigurationBench;

namespace SpeedData.Tests.Configuration;

/// <summary>The keys that control access over HTTP.</summary>
public sealed class ApiKeysTests
{
    [Test]
    public void Without_a_key_anyone_may_read_and_only_this_host_may_write()
    {
        using var bench = new ConfigurationBench();

        Assert.That(bench.Options(Channels(Channel())).Api, Is.EqualTo(new ApiOptions { Writes = ApiWrites.Loopback, Reads = ApiReads.Anyone }));
    }

    [Test]
    public void Every_key_is_read()
    {
        using var bench = new ConfigurationBench();
        ApiOptions api = bench.Options(With("""
            "Writes": "token", "Reads": "Token", "TokenFile": "secret.txt", "WriteFrom": ["10.0.0.0/8", "fd00::/16", "::1"], "AllowedHosts": ["Recorder.Lab.Example."], "AllowedOrigins": ["https://pages.example:8443/", "null", "file://"]
            """)).Api;

        Assert.That(api, Is.EqualTo(new ApiOptions
        {
            Writes = ApiWrites.Token,
            Reads = ApiReads.Token,
            TokenFile = Path.Combine(bench.Folder, "secret.txt"),
            WriteFrom = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("fd00::/16"), IPNetwork.Parse("::1/128")],
            AllowedHosts = ["recorder.lab.example"],
            AllowedOrigins = ["https://pages.example:8443", "null", "file://"],
        }));
    }

    [TestCase(""" "Writes": "Token" """, "SpeedData:Api:Writes", "TokenFile")]
    [TestCase(""" "Reads": "Token" """, "SpeedData:Api:Reads", "TokenFile")]
    [TestCase(""" "Writes": "On" """, "SpeedData:Api:Writes", "Loopback, Token or Off")]
    [TestCase(""" "WriteFrom": ["10.1.0.0/8"] """, "SpeedData:Api:WriteFrom:0", "10.0.0.0/8")]
    [TestCase(""" "WriteFrom": ["fe80::1/10"] """, "SpeedData:Api:WriteFrom:0", "no bits beyond")]
    [TestCase(""" "WriteFrom": ["lab"] """, "SpeedData:Api:WriteFrom:0", "a network is")]
    [TestCase(""" "AllowedHosts": ["http://recorder"] """, "SpeedData:Api:AllowedHosts:0", "without scheme")]
    [TestCase(""" "AllowedHosts": ["*"] """, "SpeedData:Api:AllowedHosts:0", "without scheme")]
    [TestCase(""" "AllowedOrigins": ["*"] """, "SpeedData:Api:AllowedOrigins:0", "http:// or https://")]
    [TestCase(""" "AllowedOrigins": ["https://pages.example/path"] """, "SpeedData:Api:AllowedOrigins:0", "nothing after")]
    [TestCase(""" "AllowedOrigins": ["https://me@pages.example"] """, "SpeedData:Api:AllowedOrigins:0", "nothing after")]
    public void Errors_name_what_is_wrong(string keys, string key, string remedy)
    {
        using var bench = new ConfigurationBench();
        ConfigurationFault fault = bench.Read(With(keys)).Faults.Single();

        Assert.Multiple(() =>
        {
            Assert.That(fault.Key, Is.EqualTo(key));
            Assert.That(fault.Message, Does.Contain(remedy));
        });
    }

    private static string With(string api) => $$"""{ "SpeedData": { "Api": { {{api}} }, "Channels": [ {{Channel()}} ] } }""";
}
