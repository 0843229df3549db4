using System.Net;
using SpeedData.Core.Configuration;
using static SpeedData.Tests.Configuration.ConfigurationBench;

namespace SpeedData.Tests.Configuration;

/// <summary>Correct configurations are read as intended.</summary>
public sealed class AcceptedConfigurationTests
{
    [Test]
    public void Three_keys_make_a_channel_and_the_rest_are_defaults()
    {
        using var bench = new ConfigurationBench();
        SpeedDataOptions options = bench.Options(Channels(Channel()));
        ChannelOptions channel = options.Channels.Single();
        Assert.Multiple(() =>
        {
            Assert.That(options.AvroPath, Is.EqualTo(Path.Combine(bench.Folder, "data")));
            Assert.That(options.DrainFor, Is.EqualTo(TimeSpan.FromSeconds(4)));
            Assert.That((channel.Name, channel.Port, channel.SchemaPath), Is.EqualTo(("a", 26000, Path.Combine(bench.Folder, "good.avsc"))));
            Assert.That(channel.Receive with { AllowedSources = [] }, Is.EqualTo(new ReceiveOptions { Address = IPAddress.Any, BufferBytes = 8 << 20, AllowedSources = [] }));
            Assert.That(channel.Receive.AllowedSources, Is.Empty);
            Assert.That(channel.FullRate, Is.EqualTo(new StreamOptions { Address = IPAddress.Parse("239.1.1.1"), Port = 6000, Ttl = 0, Loopback = true, BufferBytes = 4 << 20 }));
            Assert.That(channel.Decimated, Is.EqualTo(new DecimatedOptions { Address = IPAddress.Parse("239.1.1.2"), Port = 6001, Ttl = 0, Loopback = true, BufferBytes = 4 << 20, Factor = 5 }));
            Assert.That(channel.Archive, Is.EqualTo(new ArchiveOptions
            {
                Codec = ArchiveCodec.Null,
                BlockBytes = 256 << 10,
                FlushEvery = TimeSpan.FromMilliseconds(100),
                SyncEvery = TimeSpan.FromSeconds(1),
                RotateBytes = 256 << 20,
                RotateEvery = TimeSpan.FromHours(1),
                RetainFor = null,
                RetainBytes = null,
                MinFreeBytes = FreeSpaceFloor.Suitable,
                HostName = true,
            }));
            Assert.That(channel.Ring.Bytes, Is.EqualTo(8 << 20));
            Assert.That(channel.Threads, Is.EqualTo(new ThreadOptions()));
            Assert.That(channel.Restart, Is.EqualTo(new RestartOptions { InitialDelay = TimeSpan.FromSeconds(1), MaxDelay = TimeSpan.FromSeconds(30) }));
        });
    }

    [TestCase(""" "Interface": "eth0" """, """ "Interface": "eth1" """)]
    [TestCase(""" "Source": "10.0.0.1" """, """ "Source": "10.0.0.2" """)]
    [TestCase(""" "Interface": "eth0", "Source": "10.0.0.1" """, """ "Interface": "eth0", "Source": "10.0.0.2" """)]
    [Platform("Linux")]
    public void One_group_and_port_on_two_interfaces_or_from_two_sources_is_two_channels(string one, string other)
    {
        using var bench = new ConfigurationBench();
        SpeedDataOptions options = bench.Options(Channels(
            Channel($$""" "Receive": { "Address": "239.2.2.2", {{one}} } """),
            Channel($$""" "Receive": { "Address": "239.2.2.2", {{other}} }, "FullRate": { "Port": 1 }, "Decimated": { "Port": 2 } """, "b")));
        Assert.That(options.Channels, Has.Count.EqualTo(2));
    }

    [Test]
    public void Schemas_may_be_a_list_and_refused_datagrams_need_not_be_kept()
    {
        using var bench = new ConfigurationBench();
        ChannelOptions channel = bench.Options(Channels("""{ "Name": "a", "Port": 26000, "Schema": ["good.avsc", "a,b.avsc"], "SchemaRoot": "r.avsc", "Rejects": { "Keep": "none" } }""")).Channels.Single();
        Assert.Multiple(() =>
        {
            Assert.That(channel.SchemaPaths, Is.EqualTo(new[] { "good.avsc", "a,b.avsc" }.Select(name => Path.Combine(bench.Folder, name))));
            Assert.That(channel.SchemaRoot, Is.EqualTo("r.avsc"));
            Assert.That(channel.Rejects.Keep, Is.Null);
            Assert.That(bench.Options(Channels(Channel())).Channels.Single().Rejects.Keep, Is.EqualTo(64 << 20));
        });
    }

    [Test]
    public void Limits_of_the_archive_are_set_and_switched_off_channel_by_channel()
    {
        using var bench = new ConfigurationBench();
        IReadOnlyList<ChannelOptions> channels = bench.Options($$"""
            { "SpeedData": {
              "Defaults": { "Archive": { "RetainFor": "30 d", "RetainBytes": "256 MiB", "MinFreeBytes": "99 GiB" } },
              "Channels": [
                {{Channel()}},
                {{Channel(""" "Archive": { "RetainFor": null, "RetainBytes": "none", "MinFreeBytes": "none" } """, "b", 26001)}},
                {{Channel(""" "Archive": { "RetainFor": "36:00:00", "RetainBytes": "1 GiB", "MinFreeBytes": "1 MiB" } """, "c", 26002)}}
              ] } }
            """).Channels;

        Assert.That(channels.Select(c => (c.Archive.RetainFor, c.Archive.RetainBytes, c.Archive.MinFreeBytes)), Is.EqualTo(new[]
        {
            (TimeSpan.FromDays(30), 256L << 20, FreeSpaceFloor.Of(99L << 30)),
            ((TimeSpan?)null, (long?)null, FreeSpaceFloor.None),
            (TimeSpan.FromHours(36), 1L << 30, FreeSpaceFloor.Of(1 << 20)),
        }));
    }

    [Test]
    public void A_free_space_limit_above_the_disk_size_is_no_fault_since_the_disk_may_be_mounted_later()
    {
        using var bench = new ConfigurationBench();
        Assert.That(bench.Options(Channels(Channel(""" "Archive": { "MinFreeBytes": "1048576 GiB" } """))).Channels[0].Archive.MinFreeBytes.Bytes, Is.EqualTo(1L << 50));
    }

    [Test]
    public void The_ports_of_the_streams_follow_from_the_port_of_the_channel()
    {
        using var bench = new ConfigurationBench();
        ChannelOptions last = bench.Options(Channels(Channel(port: 27000))).Channels[0];
        Assert.That((last.FullRate.Port, last.Decimated.Port), Is.EqualTo((8000, 8001)));
    }

    [Test]
    public void A_disabled_stream_needs_no_port()
    {
        using var bench = new ConfigurationBench();
        ChannelOptions channel = bench.Options(Channels(Channel(""" "FullRate": { "Enabled": false }, "Decimated": { "Port": 7 } """, port: 5000))).Channels[0];
        Assert.That((channel.FullRate.Enabled, channel.Decimated.Port), Is.EqualTo((false, 7)));
    }

    [Test]
    public void A_channel_overrides_single_keys_of_the_defaults_and_keeps_the_others()
    {
        using var bench = new ConfigurationBench();
        IReadOnlyList<ChannelOptions> channels = bench.Options($$"""
            { "SpeedData": {
              "Defaults": { "Archive": { "Codec": "zstandard", "FlushEvery": "5 s" }, "Threads": { "ReceiveCpu": 1 } },
              "Channels": [ {{Channel()}}, {{Channel(""" "Archive": { "Codec": "deflate" }, "Threads": { "ReceiveCpu": "none" } """, "b", 26001)}} ]
            } }
            """).Channels;
        Assert.Multiple(() =>
        {
            Assert.That(channels.Select(c => c.Archive.Codec), Is.EqualTo(new[] { ArchiveCodec.Zstandard, ArchiveCodec.Deflate }));
            Assert.That(channels.Select(c => c.Archive.FlushEvery), Is.All.EqualTo(TimeSpan.FromSeconds(5)));
            Assert.That(channels.Select(c => c.Threads.ReceiveCpu), Is.EqualTo(new int?[] { 1, null }));
        });
    }

    [TestCase(""" ["10.0.0.0/8"] """, "10.0.0.0/8")]
    [TestCase(""" "10.0.0.0/8, 192.168.1.7" """, "10.0.0.0/8,192.168.1.7/32")]
    [TestCase(""" [] """, "")]
    [TestCase(""" "none" """, "")]
    [TestCase(""" null """, "")]
    public void A_list_of_a_channel_replaces_the_list_of_the_defaults(string list, string expected)
    {
        using var bench = new ConfigurationBench();
        ChannelOptions channel = bench.Options($$"""
            { "SpeedData": {
              "Defaults": { "Receive": { "AllowedSources": ["1.0.0.0/8", "2.0.0.0/8", "3.0.0.0/8"] } },
              "Channels": [ {{Channel($$""" "Receive": { "AllowedSources": {{list}} } """)}} ]
            } }
            """).Channels[0];
        Assert.That(string.Join(",", channel.Receive.AllowedSources), Is.EqualTo(expected));
    }

    [Test]
    public void A_list_of_a_later_source_replaces_the_list_of_an_earlier_one()
    {
        using var bench = new ConfigurationBench();
        bench.Environment.Add("SpeedData__Defaults__Receive__AllowedSources__0", "9.0.0.0/8");
        ChannelOptions channel = bench.Options($$"""
            { "SpeedData": { "Defaults": { "Receive": { "AllowedSources": ["1.0.0.0/8", "2.0.0.0/8"] } }, "Channels": [ {{Channel()}} ] } }
            """).Channels[0];
        Assert.That(channel.Receive.AllowedSources, Is.EqualTo(new[] { IPNetwork.Parse("9.0.0.0/8") }));
    }

    [TestCase("none")]
    [TestCase("")]
    [TestCase(null)]
    public void None_empty_text_and_null_disable_an_optional_value(string? off)
    {
        using var bench = new ConfigurationBench();
        string text = off is null ? "null" : $"\"{off}\"";
        ChannelOptions channel = bench.Options($$"""
            { "SpeedData": {
              "Defaults": { "FullRate": { "Interface": "eth0" }, "Threads": { "WriterCpu": 2 } },
              "Channels": [ {{Channel($$""" "FullRate": { "Interface": {{text}} }, "Threads": { "WriterCpu": {{text}} }, "Receive": { "Source": {{text}} } """)}} ]
            } }
            """).Channels[0];
        Assert.That((channel.FullRate.Interface, channel.Threads.WriterCpu, channel.Receive.Source), Is.EqualTo((default(string), default(int?), default(IPAddress))));
    }

    [Test]
    public void Every_key_of_a_channel_is_read()
    {
        using var bench = new ConfigurationBench();
        ChannelOptions channel = bench.Options(Channels(Channel("""
            "Receive": { "Address": "239.2.2.2", "Interface": "eth0.100", "Source": "10.0.0.1", "AllowedSources": ["10.0.0.0/8"], "BufferBytes": "1 MiB", "Transport": "sockets" },
            "FullRate": { "Enabled": true, "Address": "10.0.0.9", "Port": 7000, "Interface": "10.0.0.2", "Ttl": 3, "Loopback": false, "BufferBytes": 65536 },
            "Decimated": { "Factor": 10, "Algorithm": "minmax", "MaxWindow": "2 s" },
            "Time": { "Unit": "us" },
            "Archive": { "Enabled": true, "Codec": null, "BlockBytes": "64 KiB", "FlushEvery": "00:00:01", "SyncEvery": "500 ms", "RotateBytes": "1 GiB", "RotateEvery": "1 d", "HostName": false },
            "Ring": { "Bytes": "16 MiB" }, "Threads": { "ReceiveCpu": 0, "WriterCpu": 1 }, "Restart": { "InitialDelay": "10 ms", "MaxDelay": "1 s" }
            """))).Channels[0];
        Assert.Multiple(() =>
        {
            Assert.That(channel.Receive.AllowedSources, Is.EqualTo(new[] { IPNetwork.Parse("10.0.0.0/8") }));
            Assert.That(channel.Receive with { AllowedSources = [] }, Is.EqualTo(new ReceiveOptions
            {
                Address = IPAddress.Parse("239.2.2.2"),
                Interface = "eth0.100",
                Source = IPAddress.Parse("10.0.0.1"),
                AllowedSources = [],
                BufferBytes = 1 << 20,
                Transport = ReceiveTransport.Sockets,
            }));
            Assert.That(channel.FullRate, Is.EqualTo(new StreamOptions { Address = IPAddress.Parse("10.0.0.9"), Port = 7000, Interface = "10.0.0.2", Ttl = 3, Loopback = false, BufferBytes = 65536 }));
            Assert.That((channel.Decimated.Factor, channel.Decimated.Algorithm, channel.Decimated.MaxWindow), Is.EqualTo((10, DecimationAlgorithm.MinMax, TimeSpan.FromSeconds(2))));
            Assert.That(channel.Archive, Is.EqualTo(new ArchiveOptions
            {
                Codec = ArchiveCodec.Null,
                BlockBytes = 64 << 10,
                FlushEvery = TimeSpan.FromSeconds(1),
                SyncEvery = TimeSpan.FromMilliseconds(500),
                RotateBytes = 1 << 30,
                RotateEvery = TimeSpan.FromDays(1),
                HostName = false,
            }));
            Assert.That(channel.Time, Is.EqualTo(new TimeOptions { UnitNs = 1_000 }));
            Assert.That(channel.Ring.Bytes, Is.EqualTo(16 << 20));
            Assert.That(channel.Threads, Is.EqualTo(new ThreadOptions { ReceiveCpu = 0, WriterCpu = 1 }));
            Assert.That(channel.Restart, Is.EqualTo(new RestartOptions { InitialDelay = TimeSpan.FromMilliseconds(10), MaxDelay = TimeSpan.FromSeconds(1) }));
        });
    }

    [TestCase("Downsample", DecimationAlgorithm.Downsample)]
    [TestCase("average", DecimationAlgorithm.Average)]
    [TestCase("MinMax", DecimationAlgorithm.MinMax)]
    [TestCase("RMS", DecimationAlgorithm.Rms)]
    public void Every_algorithm_is_read(string text, DecimationAlgorithm algorithm)
    {
        using var bench = new ConfigurationBench();
        DecimatedOptions decimated = bench.Options(Channels(Channel($$""" "Decimated": { "Algorithm": "{{text}}", "MaxWindow": "none" } """))).Channels[0].Decimated;
        Assert.That((decimated.Algorithm, decimated.MaxWindow), Is.EqualTo((algorithm, default(TimeSpan?))));
    }

    [TestCase("ns", 1)]
    [TestCase("us", 1_000)]
    [TestCase("MS", 1_000_000)]
    [TestCase("s", 1_000_000_000)]
    [TestCase("none", null)]
    public void The_time_field_and_its_unit_are_read(string unit, long? ns)
    {
        using var bench = new ConfigurationBench();
        string json = Channels($$"""{ "Name": "a", "Port": 26000, "Schema": "timed.avsc", "Time": { "Field": "ticks", "Unit": "{{unit}}" } }""");
        Assert.That(bench.Options(json).Channels[0].Time, Is.EqualTo(new TimeOptions { Field = "ticks", UnitNs = ns }));
    }

    [Test]
    public void Two_groups_on_one_port_are_fine()
    {
        using var bench = new ConfigurationBench();
        string json = Channels(
            Channel(""" "Receive": { "Address": "239.2.2.2" } """),
            Channel(""" "Receive": { "Address": "239.2.2.3" }, "FullRate": { "Port": 7000 }, "Decimated": { "Port": 7001 } """, "b"));
        Assert.That(bench.Options(json).Channels, Has.Count.EqualTo(2));
    }

    [Test]
    public void Two_streams_on_one_group_and_port_by_two_interfaces_are_fine()
    {
        using var bench = new ConfigurationBench();
        string json = Channels(
            Channel(""" "FullRate": { "Interface": "eth0" } """),
            Channel(""" "FullRate": { "Interface": "eth1", "Port": 6000 } """, "b", 26001));
        Assert.That(bench.Options(json).Channels, Has.Count.EqualTo(2));
    }

    [TestCase("Loopback", "false", 1)]
    [TestCase("Ttl", "1", 0)]
    [TestCase("Address", "10.0.0.9", 0)]
    public void A_stream_that_reaches_nobody_causes_a_warning(string key, string value, int warnings)
    {
        using var bench = new ConfigurationBench();
        ConfigurationResult result = bench.Read(Channels(Channel()), null, "--SpeedData:Channels:0:FullRate:Loopback", "false", $"--SpeedData:Channels:0:FullRate:{key}", value);
        Assert.That(result.Warnings.Select(w => w.ToString()).Count(w => w.Contains("nothing is sent", StringComparison.Ordinal)), Is.EqualTo(warnings));
    }

    [Test]
    public void A_missing_schema_file_causes_only_a_warning()
    {
        using var bench = new ConfigurationBench();
        ConfigurationResult result = bench.Read(Channels("""{ "Name": "a", "Port": 26000, "Schema": "/nowhere/x.avsc", "Time": { "Field": "t" } }"""));
        Assert.That(result.Options, Is.Not.Null);
        Assert.That(result.Warnings.Single().ToString(), Does.StartWith("channel a, SpeedData:Channels:0:Schema").And.Contain("/nowhere/x.avsc").And.Contain("no such file"));
    }

    [Test]
    public void Warnings_of_a_schema_name_the_channel()
    {
        using var bench = new ConfigurationBench();
        ConfigurationResult result = bench.Read(Channels("""{ "Name": "a", "Port": 26000, "Schema": "odd.avsc" }"""));
        Assert.That(result.Options, Is.Not.Null);
        Assert.That(result.Warnings.Single().ToString(), Does.StartWith("channel a, SpeedData:Channels:0:Schema").And.EndsWith("use even"));
    }

    [Test]
    public void Buffers_count_with_the_size_that_the_kernel_grants()
    {
        using var bench = new ConfigurationBench();
        string json = Channels(Channel(""" "Archive": { "Enabled": false }, "Receive": { "BufferBytes": "1 GiB" }, "FullRate": { "BufferBytes": "1 GiB" } """));
        bench.Limits = new MachineLimits(1 << 30, "of the test's memory", ReceiveBufferBytes: 212992, SendBufferBytes: 212992);
        Assert.That(bench.Read(json).Faults, Is.Empty);
    }

    [Test]
    public void Five_hundred_channels_are_read()
    {
        using var bench = new ConfigurationBench();
        string json = Channels([.. Enumerable.Range(0, 500).Select(n => Channel(""" "Archive": { "Codec": "deflate" } """, $"c{n}", 26000 + n))]);
        Assert.That(bench.Options(json).Channels[^1].FullRate.Port, Is.EqualTo(6998));
    }
}
