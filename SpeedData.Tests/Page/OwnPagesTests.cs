using Microsoft.Playwright;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Page;

/// <summary>Pages in the folder <c>Pages:Path</c>.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class OwnPagesTests
{
    private PageServer _server = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _server = new PageServer(["example"], """{ "Pages": { "Path": "pages" } }""");
        Directory.CreateDirectory(Path.Combine(_server.Folder, "pages"));
        foreach (string page in Directory.EnumerateFiles(Path.Combine(Repository.Root, "examples", "pages")))
            File.Copy(page, Path.Combine(_server.Folder, "pages", Path.GetFileName(page)));
        _server.Start("--demo");
    }

    [OneTimeTearDown]
    public void Stop() => _server.Dispose();

    [Test]
    public async Task The_elements_show_values_and_a_moving_chart()
    {
        IPage page = await Browser.OpenAsync($"{_server.Address}pages/demo.html");
        await MovesAsync(page, "speeddata-chart [data-chart] canvas");
        await Eventually.TrueAsync(async () => System.Text.RegularExpressions.Regex.IsMatch(await page.InnerTextAsync("speeddata-value[signal='example.sine_wave']"), @"^-?\d\.\d{3}$"), () => "three digits are shown");
        Assert.That(await page.GetAttributeAsync("html", "data-connection"), Is.EqualTo("connected"));
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task The_markup_of_the_predecessor_shows_values_and_moving_charts()
    {
        IPage page = await Browser.OpenAsync($"{_server.Address}pages/stripchart.html");
        await MovesAsync(page, "canvas.stripchart[data-signals='example.sine_wave,ramp']");
        await MovesAsync(page, "[data-chart='example.noise'] canvas.stripchart[data-signals='example.noise']");
        Assert.That(await page.Locator("[data-chart]").CountAsync(), Is.EqualTo(2));
        await Eventually.TrueAsync(async () => (await page.InnerTextAsync("#message")).StartsWith("sample ", StringComparison.Ordinal), () => "the message shows");
        await Eventually.TrueAsync(async () => System.Text.RegularExpressions.Regex.IsMatch(await page.InnerTextAsync("#time"), @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"), () => "the time shows");
        await Eventually.TrueAsync(async () => double.TryParse(await page.InnerTextAsync("#sine_wave"), System.Globalization.CultureInfo.InvariantCulture, out double sine) && Math.Abs(sine) <= 1, () => "the sine shows");
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task A_chart_of_the_predecessor_keeps_its_height_when_the_style_sheet_comes_late()
    {
        IPage page = await Browser.OpenAsync("about:blank");
        var drawn = new TaskCompletionSource();
        await page.RouteAsync("**/own.css", async route =>
        {
            await drawn.Task;
            await route.ContinueAsync();
        });
        await page.GotoAsync($"{_server.Address}pages/stripchart.html", new() { WaitUntil = WaitUntilState.Commit });
        await page.WaitForSelectorAsync(".speeddata-stripchart .chart canvas", new() { State = WaitForSelectorState.Attached });
        drawn.SetResult();
        await page.UntilAsync("""
            () => [...document.querySelectorAll('.speeddata-stripchart')].every(frame => getComputedStyle(frame).position === 'relative'
                && Math.abs(frame.querySelector('canvas.stripchart').getBoundingClientRect().height - frame.querySelector('.chart').getBoundingClientRect().height) < 4)
            """, "each canvas is as high as its chart");
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task A_page_with_its_own_scripts_reads_the_text_frames()
    {
        File.WriteAllText(Path.Combine(_server.Folder, "pages", "own.html"), """<!doctype html><title>own</title><span id="sine_wave" class="data"></span><script src="own.js"></script>""");
        // Works like the predecessor's script. Only the address changes.
        File.WriteAllText(Path.Combine(_server.Folder, "pages", "own.js"),
            """
            const ws = new WebSocket("ws://HOST/api/v1/live/json?channel=example".replace("HOST", location.host));
            ws.onmessage = event => {
                const data = JSON.parse(event.data);
                for (const element of document.querySelectorAll(".data")) if (data[element.id] !== undefined) element.textContent = data[element.id];
            };
            """);
        IPage page = await Browser.OpenAsync($"{_server.Address}pages/own.html");
        await page.UntilAsync("() => { const text = document.querySelector('#sine_wave').textContent; return text !== '' && Math.abs(Number(text)) <= 1; }", "the value shows");
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task The_live_page_links_to_custom_pages()
    {
        IPage page = await Browser.OpenAsync(_server.Address);
        await page.ClickAsync("nav >> text=demo");
        await page.WaitForURLAsync("**/pages/demo.html");
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task On_a_phone_the_links_to_custom_pages_do_not_widen_the_live_page()
    {
        IPage page = await Browser.OpenAsync(_server.Address, width: 360, height: 740);
        await page.WaitForSelectorAsync("nav >> text=stripchart");
        Assert.That(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(360));
        await page.Context.CloseAsync();
    }

    private static async Task MovesAsync(IPage page, string canvas)
    {
        await page.WaitForSelectorAsync(canvas);
        string before = await page.DrawnAsync(canvas);
        for (int turn = 0; turn < 2; turn++)
        {
            await Eventually.TrueAsync(async () => await page.DrawnAsync(canvas) != before, () => $"{canvas} moves");
            before = await page.DrawnAsync(canvas);
        }
    }
}
