using System.Text.Json;
using Microsoft.Playwright;

namespace SpeedData.Tests.Page;

/// <summary>Checks every view with axe-core (npm).</summary>
public sealed class AccessibilityTests
{
    private static readonly string Axe = Path.Combine(Repository.Root, "SpeedData.Server", "Web", "node_modules", "axe-core", "axe.min.js");

    private PageServer _server = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _server = new PageServer(["example", "alpha"]);
        _server.Start("--demo");
        _server.Send("alpha", [1, 2, 3]);
    }

    [OneTimeTearDown]
    public void Stop() => _server.Dispose();

    [Test]
    public async Task No_view_has_a_serious_finding(
        [Values("", "#/channel/example", "#/channel/alpha?tab=rejects", "#/channel/example?tab=configuration", "#/archive", "#/channels", "#/channels?add=1")] string view,
        [Values(ColorScheme.Light, ColorScheme.Dark)] ColorScheme scheme,
        [Values(1280, 390)] int width)
    {
        if (!File.Exists(Axe))
            Assert.Ignore("needs axe-core (npm ci in SpeedData.Server/Web)");
        IPage page = await Browser.OpenAsync(_server.Address + view, scheme, width, motion: ReducedMotion.Reduce);
        await page.UntilAsync("() => document.querySelector('main')?.childElementCount > 0 && !document.querySelector('.loading') && document.querySelector('[data-connection]').dataset.connection === 'connected'", "the view is there");
        if (view == "#/archive")
            await page.ClickAsync("button:text-is('Select') >> nth=0");
        // Runs axe-core over the protocol, not in a script element, because the page's policy allows no foreign code.
        await page.EvaluateAsync(await File.ReadAllTextAsync(Axe));
        JsonElement found = await page.EvaluateAsync<JsonElement>("() => axe.run().then(r => r.violations.filter(v => v.impact === 'serious' || v.impact === 'critical').map(v => ({ id: v.id, help: v.help, nodes: v.nodes.map(n => n.html + ' ' + n.failureSummary) })))");
        Assert.That(found.GetArrayLength(), Is.Zero, found.ToString);
        await page.Context.CloseAsync();
    }
}
