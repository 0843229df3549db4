using System.Collections.Concurrent;
using Microsoft.Playwright;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Page;

/// <summary>
/// Debian's Chromium without a window. Each NUnit worker has one, since Playwright does not support several threads. Each test
/// has its own context.
/// </summary>
internal static class Browser
{
    private const string Path = "/usr/bin/chromium";

    private static readonly ConcurrentDictionary<string, Lazy<Task<IBrowser>>> Running = [];

    /// <summary>Opens a page of a given size in a new context.</summary>
    public static async Task<IPage> OpenAsync(string address, ColorScheme scheme = ColorScheme.Light, int width = 1280, int height = 800, ReducedMotion motion = ReducedMotion.NoPreference)
    {
        if (!File.Exists(Path))
            Assert.Ignore($"needs {Path} (Debian: chromium)");
        IBrowser browser = await Running.GetOrAdd(TestContext.CurrentContext.WorkerId ?? "", _ => new(LaunchAsync)).Value;
        IBrowserContext context = await browser.NewContextAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = height }, ReducedMotion = motion });
        context.SetDefaultTimeout(60_000);
        IPage page = await context.NewPageAsync();
        await page.GotoAsync(address);
        return page;
    }

    /// <summary>Waits until an expression in the page is true.</summary>
    public static Task UntilAsync(this IPage page, string expression, string what, double seconds = 60, object? argument = null) => Eventually.TrueAsync(
        async () => await page.EvaluateAsync<bool>(expression, argument), () => $"{what} ({expression})", seconds);

    /// <summary>Returns a canvas's image as a data URL.</summary>
    public static Task<string> DrawnAsync(this IPage page, string canvas) => page.EvaluateAsync<string>("selector => document.querySelector(selector)?.toDataURL() ?? ''", canvas);

    private static async Task<IBrowser> LaunchAsync()
    {
        IPlaywright playwright = await Playwright.CreateAsync();
        // Tests run as root, and Chromium's sandbox refuses root. Only pages of this repository are opened.
        return await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Path, Args = ["--no-sandbox", "--disable-dev-shm-usage"] });
    }
}
