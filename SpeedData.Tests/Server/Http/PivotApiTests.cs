using System.Net;
using System.Text.Json;
using SpeedData.Core.Configuration;
using SpeedData.Tests.Archive.Recovery;
using SpeedData.Tests.Container;
using SpeedData.Tests.Reading;
using SpeedData.Tests.Server.Support;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Server.Http;

/// <summary>The predecessor's endpoint: its messages, status codes and layout.</summary>
public sealed class PivotApiTests
{
    private const string Day = "start=2026-01-02T00:00:00Z&duration=PT24H";

    private TempFolder _folder = null!;

    [SetUp]
    public void Begin()
    {
        _folder = new TempFolder();
        Pristine archive = RecoveryBench.Timeless(3, 5, 4);
        foreach (string channel in (string[])["one", "two"])
        {
            string folder = Directory.CreateDirectory(Path.Combine(_folder.Path, channel)).FullName;
            File.WriteAllBytes(Path.Combine(folder, archive.Finished), archive.Bytes);
            File.WriteAllBytes(Path.Combine(folder, archive.IndexName), archive.Index);
        }
    }

    [TearDown]
    public void End() => _folder.Dispose();

    [TestCase("", 400, "Missing required parameter: start")]
    [TestCase("channels=one", 400, "Missing required parameter: start")]
    [TestCase("start=2026-01-02T00:00:00Z&end=2026-01-02T00:01:00Z", 400, "Missing required parameter: channels")]
    [TestCase("start=2026-01-02T00:00:00Z&end=2026-01-02T00:01:00Z&channels=", 400, "Missing required parameter: channels")]
    [TestCase("start=2026-01-02T00:00:00Z&channels=one", 400, "Missing required parameter: end or duration")]
    [TestCase("start=yesterday&duration=PT1M&channels=one", 400, "Invalid start timestamp: yesterday")]
    [TestCase("start=2026-01-02T00:00:00&duration=PT1M&channels=one", 400, "Invalid start timestamp: 2026-01-02T00:00:00")]
    [TestCase("start=2026-01-02T00:00:00Z&end=soon&channels=one", 400, "Invalid end timestamp: soon")]
    [TestCase("start=2026-01-02T00:00:00Z&duration=5min&channels=one", 400, "Invalid duration: 5min")]
    [TestCase("start=2026-01-02T00:00:00Z&duration=PT&channels=one", 400, "Invalid duration: PT")]
    [TestCase("start=2026-01-02T00:00:00Z&duration=PT0S&channels=one", 400, "start must be before end")]
    [TestCase("start=2026-01-02T00:00:00Z&end=2026-01-01T00:00:00Z&channels=one", 400, "start must be before end")]
    public async Task Errors_use_the_messages_that_clients_search_for(string query, int status, string error)
    {
        await using TestServer server = await TestServer.StartAsync(_folder.Path);
        (int told, JsonElement body) = await server.JsonAsync($"/api/v1/pivot/export?{query}");
        Assert.That(told, Is.EqualTo(status));
        Assert.That(body.GetProperty("error").GetString(), Does.StartWith(error));
        Assert.That(body.EnumerateObject().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task Limits_come_from_the_configuration()
    {
        await using TestServer server = await TestServer.StartAsync(_folder.Path, 4, new PivotOptions { MaxRange = TimeSpan.FromMinutes(5), MaxChannels = 2 });
        (int range, JsonElement longer) = await server.JsonAsync("/api/v1/pivot/export?start=2026-01-02T00:00:00Z&duration=PT1H30M&channels=one");
        (int count, JsonElement more) = await server.JsonAsync("/api/v1/pivot/export?start=2026-01-02T00:00:00Z&duration=PT5M&channels=a,b&channels=c");
        Assert.Multiple(() =>
        {
            Assert.That((range, longer.GetProperty("requested_minutes").GetDouble()), Is.EqualTo((413, 90.0)));
            Assert.That(longer.GetProperty("error").GetString(), Does.StartWith("Time range exceeds maximum"));
            Assert.That((count, more.GetProperty("requested_channels").GetInt32()), Is.EqualTo((413, 3)));
            Assert.That(more.GetProperty("error").GetString(), Does.StartWith("Channel count exceeds maximum"));
        });
    }

    [Test]
    public async Task Channels_are_groups_of_an_HDF5_attachment_and_are_empty_without_data()
    {
        OtherReader.H5py.Demand();
        await using TestServer server = await TestServer.StartAsync(_folder.Path);
        using HttpResponseMessage answer = await server.Client.GetAsync(new Uri($"/api/v1/pivot/export?{Day}&channels=one,never,two&signals=sequence,absent", UriKind.Relative));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), await answer.Content.ReadAsStringAsync());
        string path = Path.Combine(_folder.Path, "pivot.h5");
        await File.WriteAllBytesAsync(path, await answer.Content.ReadAsByteArrayAsync());
        Assert.Multiple(() =>
        {
            Assert.That(answer.Content.Headers.ContentDisposition!.DispositionType, Is.EqualTo("attachment"));
            Assert.That(answer.Content.Headers.ContentDisposition!.FileName, Is.EqualTo("pivot_20260102T000000Z_20260103T000000Z.h5"));
            Assert.That(OtherReader.H5py.Read(path).Select(row => row.GetRawText()), Is.EqualTo(Enumerable.Range(0, 24).Select(i => $$"""{"sequence": {{i % 12}}}""")));
            Assert.That(OtherReader.H5Names.Read(path).Select(line => line.GetString()), Is.EqualTo(new[] { "never", "one", "one/sequence", "two", "two/sequence" }));
        });
    }

    [Test]
    public async Task A_range_without_data_has_empty_groups()
    {
        OtherReader.H5py.Demand();
        await using TestServer server = await TestServer.StartAsync(_folder.Path);
        string path = Path.Combine(_folder.Path, "pivot.h5");
        await File.WriteAllBytesAsync(path, await server.Client.GetByteArrayAsync(new Uri("/api/v1/pivot/export?start=1990-01-01T00:00:00Z&end=1990-01-01T00:10:00Z&channels=one", UriKind.Relative)));
        Assert.That(OtherReader.H5Names.Read(path).Select(line => line.GetString()), Is.EqualTo(new[] { "one" }));
    }

    [Test]
    public async Task A_signal_has_its_own_name_and_groups_may_lie_in_groups()
    {
        OtherReader.H5py.Demand();
        string folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "own")).FullName;
        File.WriteAllBytes(Path.Combine(folder, "a.avro"), ContainerBuilder.Of("""{"type":"record","name":"r","fields":[{"name":"time","type":{"type":"long","logicalType":"timestamp-nanos"}},{"name":"source","type":"int"},{"name":"elapsed","type":"int"}]}""", "null").Block("null", 1, [.. ContainerBuilder.Longs(1_767_312_000_000_000_000), 2, 4]).Bytes);
        await using TestServer server = await TestServer.StartAsync(_folder.Path);
        string path = Path.Combine(_folder.Path, "pivot.h5");
        await File.WriteAllBytesAsync(path, await server.Client.GetByteArrayAsync(new Uri($"/api/v1/pivot/export?{Day}&channels=own/a,own,./x//,/&signals=source", UriKind.Relative)));
        Assert.That(OtherReader.H5Names.Read(path).Select(line => line.GetString()), Is.EquivalentTo(new[] { "own", "own/a", "own/source", "own/time", "x" }));
    }

    [Test]
    public async Task Records_are_also_served_as_hdf5_and_mcap()
    {
        OtherReader.H5py.Demand();
        OtherReader.Mcap.Demand();
        await using TestServer server = await TestServer.StartAsync(_folder.Path);
        foreach ((string format, OtherReader reader) in ((string, OtherReader)[])[("hdf5", OtherReader.H5py), ("mcap", OtherReader.Mcap)])
        {
            string path = Path.Combine(_folder.Path, "records." + format);
            await File.WriteAllBytesAsync(path, await server.Client.GetByteArrayAsync(new Uri($"/api/v1/export?channels=one,two&format={format}", UriKind.Relative)));
            Assert.That(reader.Read(path), Has.Count.EqualTo(24), format);
        }
    }
}
