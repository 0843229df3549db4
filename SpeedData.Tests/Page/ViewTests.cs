using System.Globalization;
using Microsoft.Playwright;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Page;

/// <summary>Actions of a person on the page.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ViewTests
{
    // Shared by the tests that only read.
    private PageServer _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = new PageServer(["alpha"]);
        _server.Start();
        await SendAsync(_server, 20);
    }

    [OneTimeTearDown]
    public void Stop() => _server.Dispose();

    [Test]
    public async Task Two_runs_are_overlaid_from_their_starts_and_a_selected_run_is_exported()
    {
        using var server = new PageServer(["alpha"], channelKeys: """{ "Runs": { "Pause": "2 s" } }""");
        server.Start();
        await SendAsync(server, 50);
        await Task.Delay(TimeSpan.FromSeconds(3));
        // The second run falls, so that neither line hides the other.
        await SendAsync(server, 80, number => 80 - number);
        await Eventually.TrueAsync(() => Task.FromResult(server.Json("/api/v1/runs")["runs"]!.AsArray().Sum(run => run!["records"]!.GetValue<int>()) == 130), () => "both runs are written");
        IPage page = await Browser.OpenAsync($"{server.Address}#/archive");
        await page.WaitForSelectorAsync("tbody tr >> nth=1");
        await page.WaitForSelectorAsync("[data-channel=alpha] canvas");

        await page.ClickAsync("button:text-is('Select') >> nth=1");
        string csv = LocalHttp.Get(server.HttpPort, new Uri(await page.GetAttributeAsync("a:text-is('Export')", "href") ?? "").PathAndQuery);
        Assert.That(csv.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(1 + 50), "the older run has fifty records");
        Assert.That(await page.InnerTextAsync(".command"), Does.Match(@"^speeddata replay --channel alpha --run \d{8}T\d{6}Z$"));

        await page.CheckAsync("tbody input >> nth=0");
        await page.CheckAsync("tbody input >> nth=1");
        await page.ClickAsync("a.button:text-is('Overlay')");
        await page.UntilAsync("() => document.querySelectorAll('[data-chart=\"alpha.value\"][data-runs] .entry').length === 2", "both runs are in one chart");
        await page.UntilAsync(
            """
            () => {
                const canvas = document.querySelector('[data-runs] canvas');
                if (!canvas?.width) return false;
                const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
                const left = { blue: canvas.width, orange: canvas.width };
                for (let i = 0; i < data.length; i += 4) {
                    const x = (i / 4) % canvas.width;
                    if (data[i + 3] > 200 && data[i] < 40 && data[i + 2] > 150) left.blue = Math.min(left.blue, x);
                    if (data[i + 3] > 200 && data[i] > 150 && data[i + 2] < 60) left.orange = Math.min(left.orange, x);
                }
                return left.blue < canvas.width / 4 && Math.abs(left.blue - left.orange) < canvas.width / 20;
            }
            """, "both lines begin at the same place");
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task The_address_contains_the_view_and_a_link_shows_the_same_view()
    {
        IPage page = await Browser.OpenAsync($"{_server.Address}#/channel/alpha");
        await page.ClickAsync("text='5s'");
        await page.ClickAsync("[aria-label='Dark or light']");
        await page.ClickAsync("[aria-label='Remove the chart of alpha.maybe']");
        await page.UntilAsync("() => location.hash.includes('window=5s') && location.hash.includes('theme=dark') && location.hash.includes('charts=.value')", "the address contains the view");
        IPage other = await Browser.OpenAsync(page.Url);
        await other.WaitForSelectorAsync("[data-chart='alpha.value']");
        Assert.Multiple(async () =>
        {
            Assert.That(await other.GetAttributeAsync("html", "data-theme"), Is.EqualTo("dark"));
            Assert.That(await other.GetAttributeAsync("button:text('5s')", "aria-pressed"), Is.EqualTo("true"));
            Assert.That(await other.Locator("[data-chart]").CountAsync(), Is.EqualTo(1));
        });
        await other.Context.CloseAsync();
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task Each_state_of_a_channel_is_explained()
    {
        using var server = new PageServer(["alpha", "beta"]);
        server.Start();
        IPage page = await Browser.OpenAsync(server.Address);
        await page.UntilAsync("() => document.querySelector('[data-channel=beta] .state')?.dataset.state === 'waiting'", "no datagram has arrived yet");
        await Eventually.TrueAsync(
            async () =>
            {
                server.Send("alpha", new PageRecord(PageRecord.NowNs, 1));
                return await page.EvaluateAsync<bool>("() => document.querySelector('[data-channel=alpha] .state').dataset.state === 'receiving'");
            }, () => "datagrams arrive");
        await page.UntilAsync("() => document.querySelector('[data-channel=alpha] .state').dataset.state === 'silent'", "the datagrams have stopped");
        server.Kill();
        await page.UntilAsync("() => document.querySelector('[data-channel=alpha] .state').dataset.state === 'stale'", "the state is unknown");
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task The_overview_shows_the_free_space_of_the_disk_that_has_the_recordings()
    {
        using var server = new PageServer(["alpha"]);
        server.Start();
        IPage page = await Browser.OpenAsync(server.Address);
        double total = new DriveInfo(server.Folder).TotalSize;
        await page.UntilAsync("() => / free of /.test(document.querySelector('[data-disk]')?.textContent)", "free and total space show");
        string shown = (await page.InnerTextAsync("[data-disk]")).Split(" free of ")[1];
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
        string[] parts = shown.Split(' ', ',');
        Assert.That(double.Parse(parts[0], CultureInfo.InvariantCulture) * Math.Pow(1024, Array.IndexOf(units, parts[1])), Is.EqualTo(total).Within(total / 50));
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task Everything_is_reachable_by_keyboard()
    {
        IPage page = await Browser.OpenAsync(_server.Address);
        await page.WaitForSelectorAsync("[data-channel=alpha] a");
        var reached = new List<string>();
        for (int i = 0; i < 12; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            reached.Add(await page.EvaluateAsync<string>("() => document.activeElement.textContent || document.activeElement.getAttribute('aria-label') || ''"));
        }

        Assert.That(reached, Is.SupersetOf(new[] { "Skip to content", "Overview", "Archive", "Channels", "Dark or light", "alpha" }));
        await page.FocusAsync("[data-channel=alpha] a");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("h1:text('alpha')");
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task With_reduced_motion_the_page_is_drawn_once_a_second()
    {
        using var server = new PageServer(["example"]);
        server.Start("--demo");
        IPage page = await Browser.OpenAsync($"{server.Address}#/channel/example?charts=.sine_wave", motion: ReducedMotion.Reduce);
        await page.WaitForSelectorAsync("[data-chart='example.sine_wave'] .u-wrap canvas");
        double[] seen = await page.EvaluateAsync<double[]>(
            """
            async () => {
                const pen = document.querySelector('[data-chart] canvas').getContext('2d'), clear = pen.clearRect, start = performance.now();
                let count = 0;
                pen.clearRect = function (...box) { count++; clear.apply(pen, box); };
                await new Promise(done => setTimeout(done, 5000));
                return [count, (performance.now() - start) / 1000];
            }
            """);
        Assert.That(seen[0], Is.InRange(2, seen[1] + 2), string.Create(CultureInfo.InvariantCulture, $"{seen[0]} drawings in {seen[1]:0.0} s"));
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task On_a_phone_nothing_is_wider_than_the_screen([Values("", "#/channel/alpha", "#/channel/alpha?tab=configuration", "#/archive", "#/channels", "#/channels?add=1")] string view)
    {
        IPage page = await Browser.OpenAsync(_server.Address + view, width: 360, height: 740);
        await page.UntilAsync("() => document.querySelector('main').childElementCount > 0 && !document.querySelector('.loading')", "the view is there");
        Assert.That(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(360));
        await page.Context.CloseAsync();
    }

    private static async Task SendAsync(PageServer server, int records, Func<int, double>? value = null)
    {
        for (int i = 0; i < records; i++, await Task.Delay(10))
            server.Send("alpha", new PageRecord(PageRecord.NowNs, value?.Invoke(i) ?? i));
    }
}
