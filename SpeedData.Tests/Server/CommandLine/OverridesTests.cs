using SpeedData.Server.CommandLine;
using SpeedData.Tests.Server.Support;

namespace SpeedData.Tests.Server.CommandLine;

public sealed class OverridesTests
{
    [TestCase("--Urls", "http://127.0.0.1:1")]
    [TestCase("--urls=http://127.0.0.1:1")]
    [TestCase("Urls=http://127.0.0.1:1")]
    [TestCase("/Urls", "http://127.0.0.1:1")]
    [TestCase("--SpeedData:Channels:0:Port", "26001", "--Logging:LogLevel:Default=Debug")]
    [TestCase("--SpeedData:Storage:AvroPath", "--odd")]
    public void Keys_are_parsed_as_dotnet_parses_them(params string[] tokens) =>
        Assert.That(Overrides.Check(tokens), Is.Empty);

    [Test]
    public async Task A_key_on_the_command_line_overrides_the_file()
    {
        using var application = new ApplicationRun();
        Task<int> running = application.RunAsync(
            "--config", application.Config(), "--SpeedData:Channels:0:Port", "26123", "SpeedData:Channels:0:Name=renamed");
        await application.Listening;
        await application.StopAsync();
        await running;

        Assert.That(application.Host.Channels.Select(c => (c.Name, c.Options.Port)), Is.EqualTo(new[] { ("renamed", 26123) }));
    }

    [Test]
    public async Task Later_files_override_earlier_ones()
    {
        using var application = new ApplicationRun();
        string second = Path.Combine(application.Folder, "second.json");
        await File.WriteAllTextAsync(second, """{ "SpeedData": { "Storage": { "AvroPath": "elsewhere" } } }""");
        Task<int> running = application.RunAsync("--config", application.Config(), "--config", second);
        await application.Listening;
        await application.StopAsync();
        await running;

        Assert.That(application.Log.Lines, Has.Some.Contains(Path.Combine(application.Folder, "elsewhere")));
    }
}
