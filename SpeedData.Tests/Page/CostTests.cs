using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using SpeedData.Tests.Reading;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Page;

/// <summary>Costs of the page in the browser.</summary>
[NonParallelizable]
public sealed class CostTests
{
    /// <summary>Seconds to measure. Ten minutes show a leak that fifteen seconds do not.</summary>
    private static readonly double Seconds = double.TryParse(Environment.GetEnvironmentVariable("SPEEDDATA_PAGE_SECONDS"), CultureInfo.InvariantCulture, out double given) ? given : 15;

    private const int Channels = 50, Signals = 40, PerSecond = 10;

    [Test]
    public async Task Fifty_channels_of_forty_signals_take_little_script_time_and_no_more_memory()
    {
        string fields = string.Join(", ", Enumerable.Range(0, Signals).Select(i => $$"""{ "name": "s{{i}}", "type": "double" }"""));
        string[] names = [.. Enumerable.Range(0, Channels).Select(i => $"ch{i:00}")];
        using var server = new PageServer(names, channelKeys: """{ "Ring": { "Bytes": "1 MiB" }, "Receive": { "Address": "127.0.0.1", "BufferBytes": "64 KiB" } }""", schema: $$"""{ "type": "record", "name": "many", "fields": [ {{fields}} ] }""");
        server.Start();
        using var stop = new CancellationTokenSource();
        Task sending = Task.Run(() => SendAsync(server, names, stop.Token));
        IPage page = await Browser.OpenAsync(server.Address, height: 3000);
        ICDPSession tools = await page.Context.NewCDPSessionAsync(page);
        await tools.SendAsync("Performance.enable");
        await page.UntilAsync($"() => [...document.querySelectorAll('output[data-signal]')].filter(o => o.textContent !== '–').length === {Channels}", "every channel shows a value");
        await Task.Delay(TimeSpan.FromSeconds(3));
        (double before, double heapBefore) = await MeasureAsync(tools);
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(Seconds));
        double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        (double after, double heapAfter) = await MeasureAsync(tools);
        await stop.CancelAsync();
        await sending;
        double perSecond = (after - before) * 1000 / elapsed;
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"script {perSecond:0.0} ms/s; heap {heapBefore / 1e6:0.00} MB, after {elapsed:0} s {heapAfter / 1e6:0.00} MB"));
        Assert.Multiple(() =>
        {
            Assert.That(perSecond, Is.LessThan(60));
            Assert.That(heapAfter - heapBefore, Is.LessThan(1.5e6));
        });
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task A_day_at_a_hundred_hertz_opens_quickly_and_moves_smoothly()
    {
        using var server = new PageServer([DayRecording.Channel]);
        for (int hour = 0; hour < 24; hour++)
            DayRecording.WriteHour(Path.Combine(server.Folder, "data"), hour);
        server.Start();
        const long startMs = DayRecording.StartNs / 1_000_000, day = 86_400_000;
        // The first request makes the summaries, which all later requests use.
        LocalHttp.Get(server.HttpPort, $"/api/v1/channels/{DayRecording.Channel}/records?from={DayRecording.StartNs}&to={DayRecording.StartNs + (day * 1_000_000)}&max_points=10&fields={DayRecording.Signal}");
        IPage page = await Browser.OpenAsync(server.Address);
        await page.UntilAsync("() => document.querySelector('[data-connection]').dataset.connection === 'connected'", "the page is connected");
        string at = DateTimeOffset.FromUnixTimeMilliseconds(startMs + day).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        double opened = await page.EvaluateAsync<double>(Opening, $"#/channel/{DayRecording.Channel}?charts=.{DayRecording.Signal}&window=1d&at={at}");
        double rate = await page.EvaluateAsync<double>(Panning);
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a day opened in {opened:0} ms; {rate:0} drawings a second while it is moved"));
        Assert.Multiple(() =>
        {
            Assert.That(opened, Is.LessThan(1500));
            Assert.That(rate, Is.GreaterThan(30));
        });
        await page.Context.CloseAsync();
    }

    /// <summary>Measures the milliseconds until a chart has its line across more than nine tenths of its width.</summary>
    private const string Opening =
        """
        async address => {
            const start = performance.now();
            location.hash = address;
            for (;;) {
                await new Promise(requestAnimationFrame);
                const canvas = document.querySelector('[data-chart] .u-wrap canvas');
                if (!canvas?.width) continue;
                const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
                let drawn = 0;
                for (let x = 0; x < canvas.width; x++) for (let y = 0; y < canvas.height; y++) {
                    const i = 4 * (y * canvas.width + x);
                    if (data[i + 3] > 60 && data[i + 2] > 120 && data[i] < 90) { drawn++; break; }
                }
                if (drawn > canvas.width * 0.85) return performance.now() - start;
                if (performance.now() - start > 20000) return performance.now() - start;
            }
        }
        """;

    /// <summary>Drags the chart for two seconds and counts how often it is redrawn.</summary>
    private const string Panning =
        """
        async () => {
            const plot = document.querySelector('[data-chart] .plot'), canvas = plot.querySelector('canvas');
            let drawings = 0;
            const pen = canvas.getContext('2d'), clear = pen.clearRect;
            pen.clearRect = function (...box) { drawings++; clear.apply(pen, box); };
            plot.setPointerCapture = () => {};
            const move = (type, x) => plot.dispatchEvent(new PointerEvent(type, { pointerId: 1, button: 0, clientX: x, clientY: 300, bubbles: true }));
            move('pointerdown', 900);
            const start = performance.now();
            for (let x = 900; performance.now() - start < 2000; x += x < 300 ? 600 : -3) {
                move('pointermove', x);
                await new Promise(requestAnimationFrame);
            }
            move('pointerup', 500);
            return drawings / ((performance.now() - start) / 1000);
        }
        """;

    /// <summary>Seconds spent in scripts so far, and bytes of the heap after garbage collection.</summary>
    private static async Task<(double Script, double Heap)> MeasureAsync(ICDPSession tools)
    {
        await tools.SendAsync("HeapProfiler.collectGarbage");
        JsonElement metrics = (await tools.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics");
        double Of(string name) => metrics.EnumerateArray().First(m => m.GetProperty("name").GetString() == name).GetProperty("value").GetDouble();
        return (Of("ScriptDuration"), Of("JSHeapUsedSize"));
    }

    private static async Task SendAsync(PageServer server, string[] names, CancellationToken stop)
    {
        var record = new byte[Signals * sizeof(double)];
        long start = Stopwatch.GetTimestamp();
        for (int turn = 0; !stop.IsCancellationRequested; turn++)
        {
            for (int i = 0; i < Signals; i++)
                BinaryPrimitives.WriteDoubleLittleEndian(record.AsSpan(i * sizeof(double)), Math.Sin((turn + i) / 10.0));
            foreach (string name in names)
                server.Send(name, record);
            TimeSpan early = TimeSpan.FromSeconds((turn + 1) / (double)PerSecond) - Stopwatch.GetElapsedTime(start);
            if (early > TimeSpan.Zero)
                await Task.Delay(early, CancellationToken.None);
        }
    }
}
