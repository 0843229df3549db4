using SpeedData.Core.Configuration;
using static SpeedData.Tests.Configuration.ConfigurationBench;

namespace SpeedData.Tests.Configuration;

/// <summary>Every kind of wrong configuration, one by one and all together.</summary>
public sealed class WrongConfigurationTests
{
    private const string First = "SpeedData:Channels:0", Next = "SpeedData:Channels:1";

    private static readonly WrongCase[] Cases =
    [
        // The channel itself
        new("no section at all", "{ }", null, "SpeedData:Channels", null, "at least one"),
        new("misspelt section", """{ "SpedData": { } }""", null, "SpeedData:Channels", null, "\"SpedData\""),
        new("channels are a text", """{ "SpeedData": { "Channels": "a" } }""", null, "SpeedData:Channels", "a", "list of channels"),
        new("channels by name", $$"""{ "SpeedData": { "Channels": { "pump": {{Channel()}} } } }""", "a", "SpeedData:Channels:pump", null, "a number from 0"),
        new("channel is a text", Channels("\"pump\""), "[0]", First, "pump", "group of keys"),
        new("missing name", Channels("""{ "Port": 26000, "Schema": "good.avsc" }"""), "[0]", First + ":Name", null, "needs a name"),
        new("empty name", Channels(Channel(name: "")), "[0]", First + ":Name", "", "needs a name"),
        new("name with a slash", Channels(Channel(name: "a/b")), "a/b", First + ":Name", "a/b", "\"a_b\""),
        new("name ..", Channels(Channel(name: "..")), "..", First + ":Name", "..", "A-Z a-z 0-9"),
        new("name that ends in a dot", Channels(Channel(name: "pump.")), "pump.", First + ":Name", "pump.", "\"pump\""),
        new("name with a line feed", Channels(Channel(name: "pump\\n")), "pump\n", First + ":Name", "pump\n", "A-Z a-z 0-9"),
        new("name of 65 characters", Channels(Channel(name: new string('n', 65))), new string('n', 65), First + ":Name", new string('n', 65), "1 to 64"),
        new("duplicate name", Channels(Channel(name: "Pump"), Channel(name: "pump", port: 26001)), "pump", Next + ":Name", "pump", First),
        new("missing port", Channels("""{ "Name": "a", "Schema": "good.avsc" }"""), "a", First + ":Port", null, "1 to 65535"),
        new("port 0", Channels(Channel(port: 0)), "a", First + ":Port", "0", "1 to 65535"),
        new("port 70000", Channels(Channel(port: 70000)), "a", First + ":Port", "70000", "1 to 65535"),
        new("port is no number", Channels("""{ "Name": "a", "Port": "http", "Schema": "good.avsc" }"""), "a", First + ":Port", "http", "1 to 65535"),
        new("port is a list", Channels("""{ "Name": "a", "Port": [26000], "Schema": "good.avsc" }"""), "a", First + ":Port", null, "one value"),
        new("port switched off", Channels("""{ "Name": "a", "Port": null, "Schema": "good.avsc" }"""), "a", First + ":Port", null, "1 to 65535"),

        // The schema
        new("no schema", Channels("""{ "Name": "a", "Port": 26000 }"""), "a", First + ":Schema", null, ".avsc"),
        new("schema is a folder", Channels("""{ "Name": "a", "Port": 26000, "Schema": "/" }"""), "a", First + ":Schema", "/", "folder"),
        new("broken schema", Channels("""{ "Name": "a", "Port": 26000, "Schema": "broken.avsc" }"""), "a", First + ":Schema", "broken.avsc", "strict JSON"),
        new("the same schema twice", Channels("""{ "Name": "a", "Port": 26000, "Schema": ["good.avsc", "good.avsc"] }"""), "a", First + ":Schema", "good.avsc", "gets no datagram"),
        new("a broken schema in a list", Channels("""{ "Name": "a", "Port": 26000, "Schema": ["good.avsc", "broken.avsc"] }"""), "a", First + ":Schema", "broken.avsc", "strict JSON"),
        new("an empty schema in a list", Channels("""{ "Name": "a", "Port": 26000, "Schema": ["good.avsc", null] }"""), "a", First + ":Schema:1", null, ".avsc"),
        new("too many schemas", Channels("""{ "Name": "a", "Port": 26000, "Schema": ["1","2","3","4","5","6","7","8","9"] }"""), "a", First + ":Schema", null, "at most 8"),
        new("a root with a path", Channels("""{ "Name": "a", "Port": 26000, "Schema": "good.avsc", "SchemaRoot": "../good.avsc" }"""), "a", First + ":SchemaRoot", "../good.avsc", "without a path"),
        new("a quota for too little", Channels(Channel(""" "Rejects": { "Keep": "1 KiB" } """)), "a", First + ":Rejects:Keep", "1 KiB", "1 MiB to 1024 GiB, or none"),
        new("schema with comments", Channels("""{ "Name": "a", "Port": 26000, "Schema": "comments.avsc" }"""), "a", First + ":Schema", "comments.avsc", "strict JSON"),

        new("time field that is not there", Channels("""{ "Name": "a", "Port": 26000, "Schema": "timed.avsc", "Time": { "Field": "clock" } }"""), "a", First + ":Time:Field", "clock", "use one of stamp, ticks"),
        new("time field of a schema without one", Channels(Channel(""" "Time": { "Field": "clock" } """)), "a", First + ":Time:Field", "clock", "leave the key out"),
        new("unknown unit of time", Channels(Channel(""" "Time": { "Unit": "min" } """)), "a", First + ":Time:Unit", "min", "ns, us, ms or s"),

        // Addresses
        new("IPv6 to receive on", Channels(Channel(""" "Receive": { "Address": "::1" } """)), "a", First + ":Receive:Address", "::1", "IPv6"),
        new("IPv6 to send to", Channels(Channel(""" "FullRate": { "Address": "ff02::1" } """)), "a", First + ":FullRate:Address", "ff02::1", "IPv6"),
        new("IPv6 source allowed", Channels(Channel(""" "Receive": { "AllowedSources": ["fe80::/10"] } """)), "a", First + ":Receive:AllowedSources:0", "fe80::/10", "IPv6"),
        new("IPv6 interface", Channels(Channel(""" "Decimated": { "Interface": "::1" } """)), "a", First + ":Decimated:Interface", "::1", "IPv6"),
        new("host name for an address", Channels(Channel(""" "Receive": { "Address": "localhost" } """)), "a", First + ":Receive:Address", "localhost", "not resolved"),
        new("octal address", Channels(Channel(""" "Receive": { "Address": "010.0.0.1" } """)), "a", First + ":Receive:Address", "010.0.0.1", "four numbers"),
        new("broadcast to receive on", Channels(Channel(""" "Receive": { "Address": "255.255.255.255" } """)), "a", First + ":Receive:Address", "255.255.255.255", "multicast group"),
        new("stream to nowhere", Channels(Channel(""" "FullRate": { "Address": "0.0.0.0" } """)), "a", First + ":FullRate:Address", "0.0.0.0", "unicast"),
        new("stream to broadcast", Channels(Channel(""" "Decimated": { "Address": "255.255.255.255" } """)), "a", First + ":Decimated:Address", "255.255.255.255", "unicast"),
        new("bits beyond the prefix", Channels(Channel(""" "Receive": { "AllowedSources": "10.1.2.3/8" } """)), "a", First + ":Receive:AllowedSources", "10.1.2.3/8", "\"10.0.0.0/8\""),
        new("prefix of 33", Channels(Channel(""" "Receive": { "AllowedSources": ["10.0.0.0/33"] } """)), "a", First + ":Receive:AllowedSources:0", "10.0.0.0/33", "0 to 32"),
        new("null among the allowed", Channels(Channel(""" "Receive": { "AllowedSources": [null] } """)), "a", First + ":Receive:AllowedSources:0", "", "prefix length"),
        new("group among the allowed", Channels(Channel(""" "Receive": { "AllowedSources": [{ "Net": "10.0.0.0/8" }] } """)), "a", First + ":Receive:AllowedSources:0", "", "prefix length"),
        new("join of an address that is not multicast, by interface", Channels(Channel(""" "Receive": { "Address": "10.0.0.1", "Interface": "eth0" } """)), "a", First + ":Receive:Interface", "eth0", "224.0.0.0 to 239"),
        new("join of an address that is not multicast, by source", Channels(Channel(""" "Receive": { "Source": "10.0.0.1" } """)), "a", First + ":Receive:Source", "10.0.0.1", "224.0.0.0 to 239"),
        new("multicast source", Channels(Channel(""" "Receive": { "Address": "239.2.2.2", "Source": "239.3.3.3" } """)), "a", First + ":Receive:Source", "239.3.3.3", "unicast"),
        new("interface with a slash", Channels(Channel(""" "FullRate": { "Interface": "eth0/1" } """)), "a", First + ":FullRate:Interface", "eth0/1", "at most 15"),
        new("interface too long", Channels(Channel(""" "FullRate": { "Interface": "enp0s31f6.vlan100" } """)), "a", First + ":FullRate:Interface", "enp0s31f6.vlan100", "at most 15"),
        new("interface almost an address", Channels(Channel(""" "FullRate": { "Interface": "10.0.0.256" } """)), "a", First + ":FullRate:Interface", "10.0.0.256", "IPv4 address"),

        // Sockets and streams
        new("two sockets on one address", Channels(Channel(""" "Receive": { "Address": "127.0.0.1" } """), Channel(""" "Receive": { "Address": "127.0.0.1" }, "FullRate": { "Port": 1 }, "Decimated": { "Port": 2 } """, "b")), "b", Next + ":Port", "127.0.0.1:26000", "channel a"),
        new("one group on an interface and on the route's", Channels(Channel(""" "Receive": { "Address": "239.2.2.2", "Interface": "eth0" } """), Channel(""" "Receive": { "Address": "239.2.2.2" }, "FullRate": { "Port": 1 }, "Decimated": { "Port": 2 } """, "b")), "b", Next + ":Port", "239.2.2.2:26000", "another Port"),
        new("one group from a source and from all", Channels(Channel(""" "Receive": { "Address": "239.2.2.2", "Source": "10.0.0.1" } """), Channel(""" "Receive": { "Address": "239.2.2.2" }, "FullRate": { "Port": 1 }, "Decimated": { "Port": 2 } """, "b")), "b", Next + ":Port", "239.2.2.2:26000", "another Port"),
        new("socket under a wildcard", Channels(Channel(), Channel(""" "Receive": { "Address": "127.0.0.1" }, "FullRate": { "Port": 1 }, "Decimated": { "Port": 2 } """, "b")), "b", Next + ":Port", "127.0.0.1:26000", "0.0.0.0"),
        new("group under a wildcard", Channels(Channel(""" "Receive": { "Address": "239.2.2.2" } """), Channel(""" "FullRate": { "Port": 1 }, "Decimated": { "Port": 2 } """, "b")), "b", Next + ":Port", "0.0.0.0:26000", "239.2.2.2:26000"),
        new("two streams with one address", Channels(Channel(), Channel(""" "FullRate": { "Port": 6000 } """, "b", 26001)), "b", Next + ":FullRate:Port", "239.1.1.1:6000", "a's FullRate"),
        new("both streams of a channel with one address", Channels(Channel(""" "Decimated": { "Address": "239.1.1.1", "Port": 6000 } """)), "a", First + ":Decimated:Port", "239.1.1.1:6000", "a's FullRate"),
        new("stream feeds its own group", Channels(Channel(""" "Receive": { "Address": "239.1.1.1" }, "FullRate": { "Port": 26000 } """)), "a", First + ":FullRate:Port", "239.1.1.1:26000", "feeds channel a"),
        new("stream feeds another's address", Channels(Channel(""" "Receive": { "Address": "127.0.0.1" } """), Channel(""" "FullRate": { "Address": "127.0.0.1", "Port": 26000 } """, "b", 26001)), "b", Next + ":FullRate:Port", "127.0.0.1:26000", "feeds channel a"),
        new("stream feeds a wildcard by loopback", Channels(Channel(""" "Decimated": { "Address": "127.0.0.9", "Port": 26000 } """)), "a", First + ":Decimated:Port", "127.0.0.9:26000", "feeds channel a"),
        new("stream feeds a wildcard by the host's address", Channels(Channel(""" "Decimated": { "Address": "10.9.8.7", "Port": 26000 } """)), "a", First + ":Decimated:Port", "10.9.8.7:26000", "feeds channel a"),
        new("stream feeds a wildcard by a group", Channels(Channel(""" "Decimated": { "Port": 26000 } """)), "a", First + ":Decimated:Port", "239.1.1.2:26000", "feeds channel a"),
        new("no stream port to derive", Channels(Channel(""" "Decimated": { "Enabled": false } """, port: 5000)), "a", First + ":FullRate:Port", null, "26000 to 27000"),
        new("TTL 256", Channels(Channel(""" "FullRate": { "Ttl": 256 } """)), "a", First + ":FullRate:Ttl", "256", "0 to 255"),
        new("factor 0", Channels(Channel(""" "Decimated": { "Factor": 0 } """)), "a", First + ":Decimated:Factor", "0", "1 to 1000000"),
        new("factor beyond a million", Channels(Channel(""" "Decimated": { "Factor": 1000001 } """)), "a", First + ":Decimated:Factor", "1000001", "1 to 1000000"),
        new("unknown algorithm", Channels(Channel(""" "Decimated": { "Algorithm": "Median" } """)), "a", First + ":Decimated:Algorithm", "Median", "Downsample, Average, MinMax or Rms"),
        new("algorithm by number", Channels(Channel(""" "Decimated": { "Algorithm": 0 } """)), "a", First + ":Decimated:Algorithm", "0", "Downsample, Average, MinMax or Rms"),
        new("window too short", Channels(Channel(""" "Decimated": { "MaxWindow": "900 us" } """)), "a", First + ":Decimated:MaxWindow", "900 us", "1 ms to 1 d"),
        new("window too long", Channels(Channel(""" "Decimated": { "MaxWindow": "25 h" } """)), "a", First + ":Decimated:MaxWindow", "25 h", "1 ms to 1 d"),
        new("window without a unit", Channels(Channel(""" "Decimated": { "MaxWindow": 1 } """)), "a", First + ":Decimated:MaxWindow", "1", "\"1 s\""),
        new("unknown transport", Channels(Channel(""" "Receive": { "Transport": "Fast" } """)), "a", First + ":Receive:Transport", "Fast", "Auto, Batched or Sockets"),
        new("switch is no switch", Channels(Channel(""" "FullRate": { "Enabled": "yes" } """)), "a", First + ":FullRate:Enabled", "yes", "true or false"),

        // Sizes, spans, numbers
        new("ring not a power of two", Channels(Channel(""" "Ring": { "Bytes": 200000 } """)), "a", First + ":Ring:Bytes", "200000", "128 KiB or 256 KiB"),
        new("ring too small", Channels(Channel(""" "Ring": { "Bytes": "64 KiB" } """)), "a", First + ":Ring:Bytes", "64 KiB", "128 KiB to 1 GiB"),
        new("size in MB", Channels(Channel(""" "Receive": { "BufferBytes": "8 MB" } """)), "a", First + ":Receive:BufferBytes", "8 MB", "MiB"),
        new("half a byte", Channels(Channel(""" "Receive": { "BufferBytes": "8192.5" } """)), "a", First + ":Receive:BufferBytes", "8192.5", "whole number"),
        new("bare number as a span", Channels(Channel(""" "Archive": { "FlushEvery": 60 } """)), "a", First + ":Archive:FlushEvery", "60", "\"60 s\""),
        new("1 fortnight", Channels(Channel(""" "Archive": { "RotateEvery": "1 fortnight" } """)), "a", First + ":Archive:RotateEvery", "1 fortnight", "is not a unit"),
        new("span out of range", Channels(Channel(""" "Archive": { "FlushEvery": "2 h" } """)), "a", First + ":Archive:FlushEvery", "2 h", "1 ms to 1 h"),
        new("span switched off", Channels(Channel(""" "Archive": { "SyncEvery": "none" } """)), "a", First + ":Archive:SyncEvery", "none", "cannot be switched off"),
        new("drain without a unit", $$"""{ "SpeedData": { "Shutdown": { "DrainFor": "4" }, "Channels": [ {{Channel()}} ] } }""", null, "SpeedData:Shutdown:DrainFor", "4", "\"4 s\""),
        new("block larger than half the ring", Channels(Channel(""" "Ring": { "Bytes": "256 KiB" } """)), "a", First + ":Archive:BlockBytes", "256 KiB", "at most 128 KiB"),
        new("file smaller than a block", Channels(Channel(""" "Archive": { "RotateBytes": "64 KiB" } """)), "a", First + ":Archive:RotateBytes", "64 KiB", "256 KiB"),
        new("age without a unit", Channels(Channel(""" "Archive": { "RetainFor": 30 } """)), "a", First + ":Archive:RetainFor", "30", "\"30 s\""),
        new("age of half a second", Channels(Channel(""" "Archive": { "RetainFor": "500 ms" } """)), "a", First + ":Archive:RetainFor", "500 ms", "1 s to 36500 d, or none"),
        new("quota of nothing", Channels(Channel(""" "Archive": { "RetainBytes": 0 } """)), "a", First + ":Archive:RetainBytes", "0", "4 KiB to 1048576 GiB, or none"),
        new("quota below one file", Channels(Channel(""" "Archive": { "RetainBytes": "100 MiB" } """)), "a", First + ":Archive:RetainBytes", "100 MiB", "RotateBytes (256 MiB)"),
        new("free space of nothing", Channels(Channel(""" "Archive": { "MinFreeBytes": "0" } """)), "a", First + ":Archive:MinFreeBytes", "0", "1 MiB to 1048576 GiB, or none"),
        new("longest delay below the first", Channels(Channel(""" "Restart": { "InitialDelay": "1 min" } """)), "a", First + ":Restart:MaxDelay", "30 s", "1 min"),
        new("CPU -1", Channels(Channel(""" "Threads": { "WriterCpu": -1 } """)), "a", First + ":Threads:WriterCpu", "-1", "0 to 1023"),
        new("unknown codec", Channels(Channel(""" "Archive": { "Codec": "snappy" } """)), "a", First + ":Archive:Codec", "snappy", "Null, Deflate or Zstandard"),
        new("memory sum too large", Channels(Channel(""" "Ring": { "Bytes": "1 GiB" } """), Channel(""" "Ring": { "Bytes": "1 GiB" } """, "b", 26001)), null, "SpeedData:Channels:*:Ring:Bytes", "2.6 GiB", "rings 2.5 GiB") { Memory = 3L << 30 },

        // Keys
        new("unknown key", Channels(Channel(""" "Prot": 26000 """)), "a", First + ":Prot", "26000", "nearest is SpeedData:Channels:0:Port"),
        new("unknown group", Channels(Channel(""" "Recieve": { "Address": "127.0.0.1" } """)), "a", First + ":Recieve", null, "nearest is SpeedData:Channels:0:Receive"),
        new("unknown key in a group", Channels(Channel(""" "Archive": { "FlushEvry": "1 s" } """)), "a", First + ":Archive:FlushEvry", "1 s", "FlushEvery"),
        new("key in the wrong group", Channels(Channel(""" "Factor": 5 """)), "a", First + ":Factor", "5", "Decimated:Factor"),
        new("unknown section", $$"""{ "SpeedData": { "Channels": [ {{Channel()}} ], "Sorage": { } } }""", null, "SpeedData:Sorage", null, "SpeedData:Storage"),
        new("unknown default", $$"""{ "SpeedData": { "Defaults": { "Ring": { "Size": 1 } }, "Channels": [ {{Channel()}} ] } }""", null, "SpeedData:Defaults:Ring:Size", "1", "known in SpeedData:Defaults:Ring are Bytes"),
        new("wrong default", $$"""{ "SpeedData": { "Defaults": { "Ring": { "Bytes": 1 } }, "Channels": [ {{Channel()}}, {{Channel(name: "b", port: 26001)}} ] } }""", null, "SpeedData:Defaults:Ring:Bytes", "1", "128 KiB"),
        new("value for a group", Channels(Channel(""" "Receive": "127.0.0.1" """)), "a", First + ":Receive", "127.0.0.1", "group of keys"),
        new("receive times of packets", Channels(Channel(""" "Archive": { "ReceiveTimes": "Packet" } """)), "a", First + ":Archive:ReceiveTimes", "Packet", "Burst, Block or Off"),
        new("wrong in the environment", Channels(Channel()), "a", First + ":Port", "zero", "1 to 65535") { Variable = ("SpeedData__Channels__0__Port", "zero") },

        // Files
        new("malformed JSON", "{ \"SpeedData\": {\n  \"Channels\": [ ,", null, "first.json, line 2, column 17", null, "malformed JSON"),
        new("not an object", "[ ]", null, "first.json, line 1, column 1", null, "an object"),
        new("text that is no Unicode", """{ "a": "\ud800" }""", null, "first.json, line 1, column 1", null, "malformed JSON"),
        new("key given twice", $$"""
            { "SpeedData": { "Channels": [ {{Channel()}} ],
              "channels": [ ] } }
            """, null, "first.json, line 2", "SpeedData:channels", "twice"),
        new("key given twice in two spellings", $$"""
            { "SpeedData": { "Storage": { "AvroPath": "x" }, "Channels": [ {{Channel()}} ] },
              "SpeedData:Storage:AvroPath": "y" }
            """, null, "first.json, line 2", "SpeedData:Storage:AvroPath", "twice"),
        new("channel from two files", Channels(Channel()), "a", First, "second.json", "\"1\"") { Second = Channels("""{ "Ring": { "Bytes": "1 MiB" } }""") },
        new("second file malformed", Channels(Channel()), null, "second.json, line 1, column 2", null, "malformed JSON") { Second = "{" },
        new("argument that sets nothing", Channels(Channel()), null, "command line", "--SpeedData:Channels:0:Port", "--Key=Value") { Argument = "--SpeedData:Channels:0:Port" },
    ];

    [TestCaseSource(nameof(Cases))]
    public void A_wrong_configuration_is_refused_with_channel_key_value_and_remedy(WrongCase wrong)
    {
        using var bench = new ConfigurationBench();
        bench.Limits = bench.Limits with { MemoryBytes = wrong.Memory };
        if (wrong.Variable is (string name, string value))
            bench.Environment.Add(name, value);

        ConfigurationResult result = bench.Read(wrong.Json, wrong.Second, wrong.Argument is null ? [] : [wrong.Argument]);

        Assert.That(result.Options, Is.Null);
        Assert.That(result.Faults, Has.Count.EqualTo(1));
        ConfigurationFault fault = result.Faults[0];
        Assert.Multiple(() =>
        {
            Assert.That(fault.Channel, Is.EqualTo(wrong.Channel));
            Assert.That(fault.Key, Does.EndWith(wrong.Key));
            Assert.That(fault.Value, wrong.Value is null ? Is.Null : Does.EndWith(wrong.Value));
            Assert.That(fault.Message, Does.Contain(wrong.Remedy));
            Assert.That(fault.ToString(), Does.Not.Contain("\n").And.Contain(fault.Message));
        });
    }

    [Test]
    public void Ten_faults_are_reported_in_one_go_channel_by_channel()
    {
        using var bench = new ConfigurationBench();
        ConfigurationResult result = bench.Read("""
            { "SpeedData": {
              "Shutdown": { "DrainFor": 4 },
              "Storrage": { "AvroPath": "data" },
              "Defaults": { "Archive": { "FlushEvery": "100" } },
              "Channels": [
                { "Name": "a/b", "Port": 26000, "Schema": "good.avsc", "Ring": { "Bytes": 3000000 } },
                { "Name": "b", "Port": 70000, "Schema": "broken.avsc", "Decimated": { "Algorithm": "Median" } },
                { "Name": "c", "Port": 26002, "Schema": "good.avsc", "Receive": { "Address": "::" }, "Port": 26003 }
              ] } }
            """, "{ \"SpeedData\" ");

        string report = ConfigurationReport.Render(result.Faults);
        string[] lines = report.TrimEnd('\n').Split('\n');

        Assert.That(result.Faults.Select(f => f.Key.Replace(bench.Folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            "first.json, line 8",
            "second.json, line 1, column 15",
            "SpeedData:Shutdown:DrainFor",
            "SpeedData:Storrage",
            "SpeedData:Defaults:Archive:FlushEvery",
            "SpeedData:Channels:0:Name",
            "SpeedData:Channels:0:Ring:Bytes",
            "SpeedData:Channels:1:Port",
            "SpeedData:Channels:1:Decimated:Algorithm",
            "SpeedData:Channels:1:Schema",
            "SpeedData:Channels:2:Receive:Address",
        }));
        Assert.Multiple(() =>
        {
            Assert.That(lines, Has.Length.EqualTo(12));
            Assert.That(lines[0], Does.StartWith("11 faults"));
            Assert.That(lines[7], Is.EqualTo("  channel a/b, SpeedData:Channels:0:Ring:Bytes = \"3000000\": not a power of two; use 2 MiB or 4 MiB"));
            Assert.That(report, Does.Not.Contain("   at "));
        });
    }

    [Test]
    public void A_value_with_line_feeds_and_escapes_is_reported_in_one_plain_line()
    {
        var fault = new ConfigurationFault("a", "k", "x\n\u001b[2J" + new string('y', 5000), "wrong");
        Assert.That(fault.ToString(), Has.Length.LessThan(300).And.Not.Contains("\n").And.Not.Contains("\u001b"));
    }

    public sealed record WrongCase(string Kind, string Json, string? Channel, string Key, string? Value, string Remedy)
    {
        public string? Second { get; init; }

        public (string Name, string Value)? Variable { get; init; }

        public string? Argument { get; init; }

        public long Memory { get; init; } = 64L << 30;

        public override string ToString() => Kind;
    }
}
