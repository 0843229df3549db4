using System.Diagnostics;
using Microsoft.Playwright;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Page;

/// <summary>Signals that are not numbers, shown as lanes of a chart.</summary>
[NonParallelizable]
public sealed class StateTests
{
    /// <summary>Finds the first pixel column of a colour in the lane, to the right of a given column; -1 if there is none.</summary>
    private const string First =
        """
        (r, g, b, behind = -1) => {
            const lane = document.querySelector("canvas[data-lane='state']");
            if (!lane?.width) return -1;
            const { data } = lane.getContext('2d').getImageData(0, 0, lane.width, lane.height);
            let first = -1;
            for (let i = 0; i < data.length; i += 4) {
                const x = (i / 4) % lane.width;
                if (data[i] === r && data[i + 1] === g && data[i + 2] === b && data[i + 3] === 255 && x > behind && (first < 0 || x < first)) first = x;
            }
            return first;
        }
        """;

    private const string Off = $"({First})(0x00, 0x72, 0xb2)", Run = $"({First})(0xc0, 0x4f, 0x00)", GapBehindRun = $"({First})(0xdf, 0xe5, 0xea, {Run})";

    [Test]
    public async Task A_state_is_a_lane_that_begins_with_archived_data()
    {
        using var server = new PageServer(["alpha"]);
        server.Start();
        await SendAsync(server, 0, TimeSpan.FromSeconds(2));
        IPage page = await Browser.OpenAsync($"{server.Address}#/channel/alpha?charts=.state&window=30s");
        await Eventually.TrueAsync(
            async () =>
            {
                await SendAsync(server, 1, TimeSpan.FromMilliseconds(200));
                return await page.EvaluateAsync<bool>($"() => {Off} >= 0 && {Run} > {Off}");
            }, () => "OFF is drawn from the archive, and then RUN");
        Assert.Multiple(async () =>
        {
            Assert.That(await page.GetAttributeAsync("canvas[data-lane='state']", "aria-label"), Is.EqualTo("state is RUN"));
            Assert.That(await page.InnerTextAsync(".legend [data-signal='alpha.state']"), Is.EqualTo("RUN"));
            Assert.That(await page.Locator("button:text-is('Fix y')").CountAsync(), Is.Zero, "there is no y-axis");
        });
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task A_pause_is_hatched_even_if_the_state_is_the_same_after_it()
    {
        using var server = new PageServer(["alpha"]);
        server.Start();
        IPage page = await Browser.OpenAsync($"{server.Address}#/channel/alpha?charts=none&window=30s");
        await page.ClickAsync("button:has-text('state')");
        await Eventually.TrueAsync(
            async () =>
            {
                await SendAsync(server, 1, TimeSpan.FromMilliseconds(500));
                return await page.EvaluateAsync<bool>($"() => {Run} >= 0");
            }, () => "the lane has begun");
        await Task.Delay(TimeSpan.FromSeconds(3));
        await Eventually.TrueAsync(
            async () =>
            {
                await SendAsync(server, 1, TimeSpan.FromMilliseconds(200));
                return await page.EvaluateAsync<bool>($"() => {Run} >= 0 && {GapBehindRun} >= 0");
            }, () => "the pause is hatched");
        await page.Context.CloseAsync();
    }

    private static async Task SendAsync(PageServer server, int state, TimeSpan time)
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < time; await Task.Delay(20))
            server.Send("alpha", new PageRecord(PageRecord.NowNs, 1, State: state));
    }
}
