using System.Net.Sockets;
using SpeedData.Tests.Server.Support;

namespace SpeedData.Tests.Server.CommandLine;

/// <summary>Exit codes and messages that scripts and service managers rely on.</summary>
public sealed class ExitCodeTests
{
    private ApplicationRun _application = null!;

    [SetUp]
    public void Begin() => _application = new ApplicationRun();

    [TearDown]
    public void End() => _application.Dispose();

    [Test]
    public async Task A_stop_ends_with_0()
    {
        Task<int> running = _application.RunAsync("--config", _application.Config());
        await _application.Listening;
        await _application.StopAsync();

        Assert.That(await running, Is.Zero);
    }

    [Test]
    public async Task A_drain_that_runs_out_of_time_ends_with_75_and_says_so()
    {
        _application.Host.Drain = Task.FromResult(false);
        Task<int> running = _application.RunAsync("--config", _application.Config());
        await _application.Listening;
        await _application.StopAsync();

        Assert.Multiple(() =>
        {
            Assert.That(running.GetAwaiter().GetResult(), Is.EqualTo(75));
            Assert.That(_application.Log.Lines, Has.Some.StartsWith("Error: The drain ran out of time"));
        });
    }

    [Test]
    public async Task Http_answers_while_the_channels_drain()
    {
        var drain = new TaskCompletionSource<bool>();
        _application.Host.Drain = drain.Task;
        Task<int> running = _application.RunAsync("--config", _application.Config());
        string url = await _application.Listening;
        await _application.StopAsync();
        await _application.Host.DrainBegan;
        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var client = new HttpClient(handler);

        string body = await client.GetStringAsync(new Uri(url + "/health/live"));
        drain.SetResult(true);

        Assert.Multiple(() =>
        {
            Assert.That(body, Does.Contain("live"));
            Assert.That(running.GetAwaiter().GetResult(), Is.Zero);
        });
    }

    [Test]
    public async Task A_taken_port_ends_with_69_and_one_line_if_http_is_required()
    {
        using TcpListener taken = ApplicationRun.TakePort(out int port);

        int exitCode = await _application.RunAsync("--require-http", "--config", _application.Config($"http://127.0.0.1:{port}"));

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(69));
            Assert.That(_application.Error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
            Assert.That(_application.Error, Does.Contain($"http://127.0.0.1:{port}"));
            Assert.That(_application.Log.Lines, Has.None.StartsWith("Error").And.None.StartsWith("Critical"), "the host's own stack trace is not logged");
            Assert.That(_application.Host.IsStarted, Is.False, "no channel starts if HTTP is required and cannot be served");
        });
    }

    [Test]
    public async Task An_address_of_another_host_ends_with_69_if_http_is_required()
    {
        int exitCode = await _application.RunAsync("--require-http", "--config", _application.Config("http://192.0.2.1:8080"));

        Assert.That((exitCode, _application.Error.TrimEnd().Split('\n').Length), Is.EqualTo((69, 1)));
    }

    [Test]
    public async Task Without_http_the_channels_start_and_the_log_names_the_address()
    {
        Task<int> running = _application.RunAsync("--config", _application.Config("http://192.0.2.1:8080"));
        await _application.Listening;
        await _application.StopAsync();

        Assert.Multiple(() =>
        {
            Assert.That(running.GetAwaiter().GetResult(), Is.Zero);
            Assert.That(_application.Host.IsStarted, Is.True);
            Assert.That(_application.Log.Lines, Has.Some.StartsWith("Error: HTTP is not served on http://192.0.2.1:8080"));
        });
    }

    [Test]
    public async Task Every_fault_of_the_configuration_is_listed_and_the_code_is_78()
    {
        await File.WriteAllTextAsync(Path.Combine(_application.Folder, "broken.avsc"), "{ \"type\": \"record\" ");
        string config = _application.Config("http://127.0.0.1", more: "\"Nonsense\": 1,", schema: "broken.avsc");

        int exitCode = await _application.RunAsync("--config", config, "--Urls", "ftp://127.0.0.1:8080");

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(78));
            Assert.That(_application.Error, Does.Contain("Nonsense").And.Contain("broken.avsc").And.Contain("ftp://127.0.0.1:8080"));
            Assert.That(_application.Error, Does.Not.Contain("   at "));
        });
    }

    [TestCase("http://127.0.0.1:0;nonsense")]
    [TestCase("ftp://127.0.0.1:8443")]
    [TestCase("8080")]
    [TestCase("http://127.0.0.1:8080/path")]
    [TestCase("http://unix:/run/speeddata.sock")]
    [TestCase("http://127.0.0.1:99999")]
    [TestCase("http://localhost:0")]
    public async Task Urls_that_cannot_be_served_are_a_fault_of_the_configuration(string urls)
    {
        int exitCode = await _application.RunAsync("--config", _application.Config(urls));

        Assert.That((exitCode, _application.Error.Contains("Urls", StringComparison.Ordinal)), Is.EqualTo((78, true)));
    }

    [Test]
    public async Task A_host_name_in_urls_is_a_fault_since_it_would_listen_on_every_address()
    {
        int exitCode = await _application.RunAsync("--config", _application.Config("http://lab-pc:8080"));

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(78));
            Assert.That(_application.Error, Does.Contain("http://lab-pc:8080").And.Contain("not resolved"));
        });
    }

    [TestCase("LogLevel:Default")]
    [TestCase("Console:LogLevel:SpeedData")]
    public async Task An_unknown_log_level_is_a_fault_of_the_configuration(string key)
    {
        int exitCode = await _application.RunAsync("--config", _application.Config(), $"--Logging:{key}", "Chatty");

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(78));
            Assert.That(_application.Error, Does.Contain($"Logging:{key}").And.Contain("Chatty").And.Contain("Information"));
            Assert.That(_application.Error, Does.Not.Contain("   at "));
        });
    }

    [Test]
    public async Task A_broken_schema_is_a_fault_of_the_configuration()
    {
        await File.WriteAllTextAsync(Path.Combine(_application.Folder, "broken.avsc"), "{ \"type\": \"record\" ");

        int exitCode = await _application.RunAsync("--config", _application.Config(schema: "broken.avsc"));

        Assert.That((exitCode, _application.Error.Contains("broken.avsc", StringComparison.Ordinal)), Is.EqualTo((78, true)));
    }

    [TestCase("machine", "example.avsc")]
    [TestCase("example", "other.avsc")]
    public async Task Demo_without_its_channel_or_its_fields_is_a_fault_of_the_configuration(string channel, string schema)
    {
        await File.WriteAllTextAsync(Path.Combine(_application.Folder, "other.avsc"), """{"type":"record","name":"r","fields":[{"name":"time","type":"long"}]}""");

        int exitCode = await _application.RunAsync("--demo", "--config", _application.Config(channel: channel, schema: schema));

        Assert.That((exitCode, _application.Error.Contains("--demo", StringComparison.Ordinal)), Is.EqualTo((78, true)));
    }

    [TestCase("--demoo")]
    [TestCase("--confg", "x.json")]
    [TestCase("nonsense")]
    [TestCase("--SpeedData:Storage:AvroPath")]
    [TestCase("--config")]
    [TestCase("--config", "x.json", "--config")]
    [TestCase("healthcheck", "--redy")]
    [TestCase("healthcheck", "nonsense")]
    public async Task A_wrong_command_line_ends_with_64(params string[] args)
    {
        int exitCode = await _application.RunAsync(args);

        Assert.That((exitCode, _application.Error.Length > 0), Is.EqualTo((64, true)));
    }

    [Test]
    public async Task An_unexpected_exception_ends_with_70()
    {
        _application.Host.Drain = Task.FromException<bool>(new InvalidOperationException("surprise"));
        Task<int> running = _application.RunAsync("--config", _application.Config());
        await _application.Listening;
        await _application.StopAsync();

        Assert.That((await running, _application.Error.Contains("surprise", StringComparison.Ordinal)), Is.EqualTo((70, true)));
    }

    [Test]
    public async Task Help_ends_with_0_and_names_every_option()
    {
        int exitCode = await _application.RunAsync("--help");

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.Zero);
            Assert.That(_application.Output, Does.Contain("--config").And.Contain("--demo").And.Contain("healthcheck"));
            Assert.That(_application.Output, Does.Contain("SpeedData__Channels__0__Port").And.Contain("/rejects").And.Contain("78 configuration wrong"));
        });
    }
}
