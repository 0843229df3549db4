using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Playwright;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Page;

/// <summary>Charts show the received values.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ChartTests
{
    private const string Canvas = "[data-chart='alpha.value'] canvas";

    /// <summary>Collects buckets of 50 ms with the page's own code, from a series without losses.</summary>
    private const string Collect =
        """
        async ([root, wanted]) => {
            const [{ Feed }, { Store }, { Buckets }] = await Promise.all(['feed/feed.js', 'store.js', 'chart/buckets.js'].map(name => import(root + 'web/' + name)));
            const buckets = new Buckets(1024), feed = new Feed(new Store());
            feed.subscribe('alpha.value', 50, buckets);
            while (buckets.length <= wanted) await new Promise(done => setTimeout(done, 50));
            // The latest bucket may still grow.
            return Array.from({ length: wanted }, (_, back) => buckets.at(wanted - back)).map(i => [buckets.min[i], buckets.max[i], buckets.mean[i], buckets.last[i], buckets.count[i]]);
        }
        """;

    [Test]
    public async Task Two_hundred_buckets_of_the_page_agree_exactly_with_the_full_rate_stream()
    {
        using var server = new PageServer(["alpha"]);
        server.Start();
        using var stop = new CancellationTokenSource();
        var stream = new List<double>();
        Task sending = SendAsync(server, stream, number => Math.Sin(number * 0.37) * 1000 + number * 1e-7, stop.Token);
        IPage page = await Browser.OpenAsync($"{server.Address}#/archive");
        double[][] buckets = await page.EvaluateAsync<double[][]>(Collect, new object[] { server.Address, 200 });
        await stop.CancelAsync();
        await sending;
        Take(server, stream);
        int at = Enumerable.Range(0, stream.Count).First(start => Fits(buckets[0], stream, start));
        foreach (double[] bucket in buckets)
        {
            Assert.That(Fits(bucket, stream, at), Is.True, () => $"[{string.Join(", ", bucket)}] is not what follows at {at}");
            at += (int)bucket[4];
        }

        await page.Context.CloseAsync();
    }

    [Test]
    public async Task One_record_among_a_hundred_thousand_is_visible()
    {
        using var server = new PageServer(["alpha"]);
        server.Start();
        IPage page = await Browser.OpenAsync($"{server.Address}#/channel/alpha?charts=.value~-10~110&window=30s");
        await page.WaitForSelectorAsync(Canvas);
        await Eventually.TrueAsync(
            async () =>
            {
                server.Send("alpha", new PageRecord(PageRecord.NowNs, 0));
                return await page.InnerTextAsync(".legend [data-signal='alpha.value']") == "0";
            }, () => "the chart has begun");
        Assert.That(await LineInUpperHalfAsync(page), Is.Zero, "before the spike");
        for (int i = 0; i < 100_000; i++)
        {
            server.Send("alpha", new PageRecord(PageRecord.NowNs, i == 50_000 ? 100 : 0));
            // Pauses regularly, so that the socket's queue never overflows.
            if (i % 100 == 99)
                await Task.Delay(1);
        }

        await Eventually.TrueAsync(async () => await LineInUpperHalfAsync(page) > 20, () => "the spike reaches into the upper half of the chart");
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task A_pause_of_the_sender_is_drawn_as_a_gap_and_lost_datagrams_as_a_loss()
    {
        using var server = new PageServer(["alpha"], channelKeys: """{ "Receive": { "Address": "127.0.0.1", "BufferBytes": "16 KiB" } }""");
        server.Start();
        IPage page = await Browser.OpenAsync($"{server.Address}#/channel/alpha?charts=.value&window=5s");
        long start = Stopwatch.GetTimestamp();
        await Eventually.TrueAsync(
            async () =>
            {
                await SendForAsync(server, TimeSpan.FromMilliseconds(100));
                return Stopwatch.GetElapsedTime(start).TotalSeconds > 6 && await MarksAsync(page) == (0, 0);
            }, () => "nothing is marked without a loss");
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        await SendForAsync(server, TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(async () => (await MarksAsync(page)).Gap > 0, () => "the pause is hatched");
        // A stopped process reads nothing, so the kernel drops the datagrams that its queue cannot hold.
        server.Signal("STOP");
        for (int i = 0; i < 500; i++)
            server.Send("alpha", new PageRecord(PageRecord.NowNs, 1));
        server.Signal("CONT");
        await SendForAsync(server, TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(async () => (await MarksAsync(page)).Loss > 0, () => "the loss is marked");
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task Scrolling_back_shows_recordings_from_before_the_page_was_opened_and_home_shows_live_data()
    {
        using var server = new PageServer(["alpha"]);
        server.Start();
        await SendForAsync(server, TimeSpan.FromSeconds(2));
        IPage page = await Browser.OpenAsync($"{server.Address}#/channel/alpha?charts=.value~-1~2&window=30s");
        await Eventually.TrueAsync(async () => await InkAsync(page) > 50, () => "history is drawn without live data");
        await page.FocusAsync("[data-chart] .plot");
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.UntilAsync("() => document.querySelector('[data-chart]').dataset.state === 'paused' && location.hash.includes('at=')", "the chart is paused, and the address has its position");
        await page.Keyboard.PressAsync("Home");
        await page.UntilAsync("() => document.querySelector('[data-chart]').dataset.state === 'live' && !location.hash.includes('at=')", "the chart follows live data");
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task A_device_with_a_wrong_clock_is_drawn_with_a_note()
    {
        using var server = new PageServer(["alpha"]);
        server.Start();
        IPage page = await Browser.OpenAsync($"{server.Address}#/channel/alpha?charts=.value~-1~2&window=10s&clock=device");
        await Eventually.TrueAsync(
            async () =>
            {
                await SendForAsync(server, TimeSpan.FromMilliseconds(500), aheadNs: 3 * 3_600_000_000_000);
                return await InkAsync(page) > 50;
            }, () => "the chart is drawn");
        await page.UntilAsync("() => document.querySelector('.charts-side .banner:not([hidden])')?.textContent.includes('3 h 00 min ahead')", "the note says how wrong the clock is");
        await page.Context.CloseAsync();
    }

    private static bool Fits(double[] bucket, List<double> stream, int at)
    {
        int count = (int)bucket[4];
        if (at + count > stream.Count)
            return false;
        ReadOnlySpan<double> part = CollectionsMarshal.AsSpan(stream).Slice(at, count);
        double min = double.MaxValue, max = double.MinValue, sum = 0;
        foreach (double value in part)
            (min, max, sum) = (Math.Min(min, value), Math.Max(max, value), sum + value);
        return bucket[0] == min && bucket[1] == max && bucket[3] == part[^1] && Math.Abs(bucket[2] - (sum / count)) <= Math.Abs(sum / count) * 1e-12 + 1e-9;
    }

    private static void Take(PageServer server, List<double> stream) => stream.AddRange(server.Relayed.TakeQueued().Select(datagram => PageRecord.ValueOf(datagram)));

    /// <summary>Sends records and reads the relayed ones continuously, so that their receiver loses none.</summary>
    private static async Task SendAsync(PageServer server, List<double> stream, Func<int, double> value, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        for (int sent = 0; !stop.IsCancellationRequested;)
        {
            for (int due = (int)(Stopwatch.GetElapsedTime(start).TotalSeconds * 400); sent < due; sent++)
                server.Send("alpha", new PageRecord(PageRecord.NowNs, value(sent)));
            Take(server, stream);
            await Task.Delay(5, CancellationToken.None);
        }
    }

    private static async Task SendForAsync(PageServer server, TimeSpan time, long aheadNs = 0)
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < time; await Task.Delay(20))
            server.Send("alpha", new PageRecord(PageRecord.NowNs + aheadNs, 1));
    }

    /// <summary>Counts the pixels of the signal's colour in the upper half of the chart.</summary>
    private static Task<int> LineInUpperHalfAsync(IPage page) => CountAsync(page, "(y, height) => y < height / 2", "(r, g, b, a) => a > 60 && b > 120 && r < 90");

    private static Task<int> InkAsync(IPage page) => CountAsync(page, "() => true", "(r, g, b, a) => a > 60 && b > 120 && r < 90");

    private static async Task<(int Gap, int Loss)> MarksAsync(IPage page) => (
        await CountAsync(page, "(y, height) => y > height / 4 && y < height / 2", "(r, g, b, a) => a > 200 && r === 0xdf && g === 0xe5 && b === 0xea"),
        await CountAsync(page, "() => true", "(r, g, b, a) => a > 200 && r === 0xc0 && g === 0x4f && b === 0"));

    private static Task<int> CountAsync(IPage page, string where, string which) => page.EvaluateAsync<int>(string.Create(CultureInfo.InvariantCulture, $$"""
        () => {
            const canvas = document.querySelector("{{Canvas}}"), where = {{where}}, which = {{which}};
            if (!canvas?.width) return 0;
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            let count = 0;
            for (let i = 0; i < data.length; i += 4) if (where(Math.floor(i / 4 / canvas.width), canvas.height) && which(data[i], data[i + 1], data[i + 2], data[i + 3])) count++;
            return count;
        }
        """));
}
