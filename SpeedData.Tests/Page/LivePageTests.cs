using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Page;

[Parallelizable(ParallelScope.All)]
public sealed class LivePageTests
{
    // The test measures a time.
    [Test]
    [NonParallelizable]
    public async Task The_sine_of_the_demo_moves_within_three_seconds_of_opening()
    {
        using var server = new PageServer(["example"]);
        server.Start("--demo");
        IPage page = await Browser.OpenAsync("about:blank");
        long start = Stopwatch.GetTimestamp();
        await page.GotoAsync(server.Address);
        await page.WaitForSelectorAsync("[data-channel=example] [data-chart] canvas");
        string empty = await page.DrawnAsync("[data-chart='example.sine_wave'] canvas");
        await Eventually.TrueAsync(async () => await page.DrawnAsync("[data-chart='example.sine_wave'] canvas") != empty, () => "something is drawn");
        string first = await page.DrawnAsync("[data-chart='example.sine_wave'] canvas");
        await Eventually.TrueAsync(async () => await page.DrawnAsync("[data-chart='example.sine_wave'] canvas") != first, () => "the chart moves");
        TimeSpan taken = Stopwatch.GetElapsedTime(start);
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the chart moved after {taken.TotalSeconds:0.00} s"));
        Assert.That(taken.TotalSeconds, Is.LessThan(3));
        Assert.That(await page.GetAttributeAsync("[data-connection]", "data-connection"), Is.EqualTo("connected"));
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task The_values_of_a_channel_are_the_sent_values()
    {
        using var server = new PageServer(["alpha"]);
        server.Start();
        IPage page = await Browser.OpenAsync($"{server.Address}#/channel/alpha");
        await page.WaitForSelectorAsync("output[data-signal='alpha.value']");
        await Eventually.TrueAsync(async () =>
        {
            server.Send("alpha", new PageRecord(PageRecord.NowNs, 12.5, null, 1, "cold"));
            return await page.InnerTextAsync(".values [data-signal='alpha.value']") == "12.500";
        }, () => "the value shows");
        Assert.Multiple(async () =>
        {
            Assert.That(await page.InnerTextAsync(".values [data-signal='alpha.maybe']"), Is.EqualTo("null"));
            Assert.That(await page.InnerTextAsync(".values [data-signal='alpha.state']"), Is.EqualTo("RUN"));
            Assert.That(await page.InnerTextAsync(".values [data-signal='alpha.text']"), Is.EqualTo("cold"));
        });
        await page.Context.CloseAsync();
    }
}
