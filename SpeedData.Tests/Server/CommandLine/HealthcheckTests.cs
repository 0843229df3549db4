using SpeedData.Core.Channels;
using SpeedData.Server.CommandLine;
using SpeedData.Tests.Server.Support;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Server.CommandLine;

public sealed class HealthcheckTests
{
    [TestCase("http://+:8080", "http://127.0.0.1:8080/")]
    [TestCase("http://*:8080", "http://127.0.0.1:8080/")]
    [TestCase("http://0.0.0.0:81", "http://127.0.0.1:81/")]
    [TestCase("http://[::]:8080", "http://127.0.0.1:8080/")]
    [TestCase("http://127.0.0.5:8080", "http://127.0.0.5:8080/")]
    [TestCase("http://localhost", "http://localhost/")]
    public void A_wildcard_address_is_checked_on_loopback(string url, string reached) =>
        Assert.That(ListenUrls.ToReach(url).ToString(), Is.EqualTo(reached));

    [Test]
    public async Task The_healthcheck_finds_the_server_through_the_same_configuration()
    {
        using var application = new ApplicationRun();
        Task<int> running = application.RunAsync("--config", application.Config());
        string url = await application.Listening;
        string config = application.Config(url);

        (int live, string liveText) = await AskAsync("--config", config);
        (int ready, _) = await AskAsync("--ready", "--config", config);
        ((TestChannel)application.Host.Channels[0]).NowState = new ChannelState(ChannelStatus.Faulted, TestChannels.Noon, TestChannels.Fault("no such interface"));
        (int stillLive, _) = await AskAsync("--Urls", url, "--config", config);
        (int unready, string unreadyText) = await AskAsync("--config", config, "--ready");
        await application.StopAsync();
        await running;

        Assert.Multiple(() =>
        {
            Assert.That((live, ready, stillLive, unready), Is.EqualTo((0, 0, 0, 1)));
            Assert.That(unreadyText, Does.Contain("no such interface"));
            Assert.That((liveText + unreadyText).TrimEnd().Split('\n'), Has.Length.EqualTo(2), "one line each");
        });
    }

    [Test]
    public async Task Without_a_server_the_healthcheck_ends_with_1_and_one_line()
    {
        using var application = new ApplicationRun();

        (int exitCode, string text) = await AskAsync("--config", application.Config($"http://127.0.0.1:{LocalPort.Free()}"));

        Assert.That((exitCode, text.TrimEnd().Split('\n').Length), Is.EqualTo((1, 1)));
    }

    private static async Task<(int ExitCode, string Text)> AskAsync(params string[] args)
    {
        using var application = new ApplicationRun();
        int exitCode = await application.RunAsync(["healthcheck", .. args]);
        return (exitCode, application.Output + application.Error);
    }
}
