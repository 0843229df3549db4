using Microsoft.Playwright;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Page;

/// <summary>Texts from a sender or a schema are shown as text, never as markup.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class HostileTests
{
    private const string Markup = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'`";

    // Shared by the tests that only read.
    private PageServer _server = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _server = new PageServer(["alpha"]);
        _server.Start();
    }

    [OneTimeTearDown]
    public void Stop() => _server.Dispose();

    [Test]
    public async Task Texts_with_markup_or_direction_marks_or_64_KiB_are_shown_as_short_texts()
    {
        using var server = new PageServer(["alpha"]);
        server.Start();
        IPage page = await Browser.OpenAsync($"{server.Address}#/channel/alpha");
        bool hasExecuted = false;
        page.Dialog += (_, dialog) =>
        {
            hasExecuted = true;
            _ = dialog.DismissAsync();
        };
        await page.WaitForSelectorAsync("[data-signal='alpha.text']");
        await ShowsAsync(Markup, Markup);
        await ShowsAsync("\u202Eevil\u2066", "·evil·");
        await ShowsAsync(new string('x', 60_000), new string('x', 200));
        Assert.Multiple(async () =>
        {
            Assert.That(hasExecuted, Is.False);
            Assert.That(await page.Locator("main img, main script, main iframe").CountAsync(), Is.Zero);
            Assert.That(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth"), Is.Zero, "nothing grows");
        });
        await page.Context.CloseAsync();

        Task ShowsAsync(string sent, string shown) => Eventually.TrueAsync(
            async () =>
            {
                server.Send("alpha", new PageRecord(PageRecord.NowNs, 1, Text: sent));
                return (await page.InnerTextAsync("[data-signal='alpha.text']")).StartsWith(shown, StringComparison.Ordinal);
            }, () => $"the page shows {shown}");
    }

    [Test]
    public async Task Units_and_rejects_with_markup_stay_texts()
    {
        string schema = PageRecord.Schema.Replace("\"unit\": \"V\"", "\"unit\": \"<b>V</b>\u202E\u061C\"", StringComparison.Ordinal);
        using var server = new PageServer(["alpha"], schema: schema);
        server.Start();
        server.Send("alpha", System.Text.Encoding.UTF8.GetBytes(Markup));
        IPage page = await Browser.OpenAsync($"{server.Address}#/channel/alpha");
        await page.WaitForSelectorAsync(".values .unit:text-is('<b>V</b>··')");
        await page.GotoAsync($"{server.Address}#/channel/alpha?tab=rejects");
        await page.WaitForSelectorAsync(".hex");
        Assert.Multiple(async () =>
        {
            Assert.That(await page.InnerTextAsync(".hex .ascii >> nth=0"), Is.EqualTo(Markup[..16]));
            Assert.That(await page.Locator("main img, main script, main b").CountAsync(), Is.Zero);
        });
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task A_long_text_in_a_chart_does_not_widen_the_page([Values(1280, 390)] int width)
    {
        string schema = PageRecord.Schema.Replace("\"unit\": \"V\"", $"\"unit\": \"{new string('V', 5000)}\"", StringComparison.Ordinal);
        using var server = new PageServer(["alpha"], schema: schema);
        server.Start();
        IPage page = await Browser.OpenAsync($"{server.Address}#/channel/alpha?charts=.text;.value", width: width);
        await Eventually.TrueAsync(
            async () =>
            {
                server.Send("alpha", new PageRecord(PageRecord.NowNs, 1, Text: new string('x', 60_000)));
                return await page.Locator("[data-chart='alpha.text'] .legend output:text('xxx')").CountAsync() == 1 && await page.Locator("[data-chart='alpha.value'] .u-wrap").CountAsync() == 1;
            }, () => "the charts show the text and the value");
        Assert.That(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth"), Is.Zero);
        await page.Context.CloseAsync();
    }

    [TestCase("#/channel/%3Cimg%20src=x%20onerror=alert(1)%3E")]
    [TestCase("#/channel/alpha?charts=%3Cimg%20src=x%20onerror=alert(1)%3E&window=-1&at=x&theme=%22%3E")]
    [TestCase("#/archive?range=1~0&channels=%3Cb%3E&window=99999999999d&at=never")]
    [TestCase("#/overlay?runs=%3Cb%3E,..%2F..&signal=__proto__.constructor")]
    [TestCase("#/%E0%A4%A/%E0%A4%A")]
    public async Task A_forged_address_does_no_harm(string address)
    {
        IPage page = await Browser.OpenAsync("about:blank");
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        page.Dialog += (_, dialog) =>
        {
            errors.Add(dialog.Message);
            _ = dialog.DismissAsync();
        };
        await page.GotoAsync(_server.Address + address);
        await page.UntilAsync("() => document.querySelector('[data-connection]')?.dataset.connection === 'connected'", "the page works");
        await Task.Delay(1000);
        Assert.Multiple(async () =>
        {
            Assert.That(errors, Is.Empty);
            Assert.That(await page.Locator("main img, main script, main b").CountAsync(), Is.Zero);
        });
        await page.Context.CloseAsync();
    }
}
