using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Page;

[Parallelizable(ParallelScope.All)]
public sealed class ConnectionTests
{
    // The test measures a time.
    [Test]
    [NonParallelizable]
    public async Task After_a_restart_of_the_server_the_page_reconnects_within_three_seconds_and_shows_the_gap()
    {
        using var server = new PageServer(["example"]);
        server.Start("--demo");
        IPage page = await Browser.OpenAsync($"{server.Address}#/channel/example?charts=.ramp&window=30s");
        await page.UntilAsync("() => document.querySelector('[data-connection]').dataset.connection === 'connected'", "the page is connected");
        await page.UntilAsync("() => document.querySelector('.values [data-signal=\"example.ramp\"]')?.textContent !== '–'", "values arrive");
        server.Kill();
        await page.UntilAsync("() => document.querySelector('[data-connection]').dataset.connection === 'disconnected'", "the page says that the connection is lost");
        Assert.That(await page.IsVisibleAsync(".banner[role=alert]"), Is.True);
        await Task.Delay(TimeSpan.FromSeconds(3));
        server.Start("--demo");
        long start = Stopwatch.GetTimestamp();
        await page.UntilAsync("() => document.querySelector('[data-connection]').dataset.connection === 'connected'", "the page is connected again");
        TimeSpan taken = Stopwatch.GetElapsedTime(start);
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"connected again {taken.TotalSeconds:0.00} s after the server was ready"));
        Assert.That(taken.TotalSeconds, Is.LessThan(3));
        string before = await page.InnerTextAsync(".values [data-signal='example.counter']");
        await page.UntilAsync("before => document.querySelector('.values [data-signal=\"example.counter\"]').textContent !== before", "values go on", argument: before);
        await page.UntilAsync(
            """
            () => {
                const canvas = document.querySelector("[data-chart='example.ramp'] canvas"), { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
                for (let i = 0; i < data.length; i += 4) if (data[i] === 0xdf && data[i + 1] === 0xe5 && data[i + 2] === 0xea && data[i + 3] > 200) return true;
                return false;
            }
            """, "the hole is hatched");
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task The_page_works_below_a_path_behind_a_proxy()
    {
        using var server = new PageServer(["example"], """{ "Pages": { "Path": "." } }""");
        File.Copy(Path.Combine(Repository.Root, "examples", "pages", "demo.html"), Path.Combine(server.Folder, "demo.html"));
        server.Start("--demo");
        using var proxy = new PathProxy("/speed", server.HttpPort);
        IPage page = await Browser.OpenAsync($"{proxy.Address}speed/#/channel/example");
        await page.UntilAsync("() => document.querySelector('.values [data-signal=\"example.sine_wave\"]')?.textContent !== '–'", "values arrive");
        await page.GotoAsync($"{proxy.Address}speed/pages/demo.html");
        await page.UntilAsync("() => document.querySelector('[data-signal=\"example.sine_wave\"]')?.textContent !== '–'", "values arrive on a custom page");
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task The_page_contacts_no_other_host_and_never_violates_the_policy()
    {
        using var server = new PageServer(["example"]);
        server.Start("--demo");
        IPage page = await Browser.OpenAsync("about:blank");
        var others = new List<string>();
        var complaints = new List<string>();
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(server.Address, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                others.Add(request.Url);
        };
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal) || message.Text.Contains("Trusted", StringComparison.Ordinal))
                complaints.Add(message.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);
        foreach (string view in new[] { "", "#/channel/example", "#/channel/example?tab=rejects", "#/channel/example?tab=configuration", "#/archive", "#/channels", "#/channels?add=1", "#/overlay?runs=x,y" })
        {
            await page.GotoAsync(server.Address + view);
            await page.WaitForSelectorAsync("h1");
            await Task.Delay(500);
        }

        Assert.Multiple(() =>
        {
            Assert.That(others, Is.Empty);
            Assert.That(complaints, Is.Empty);
        });
        await page.Context.CloseAsync();
    }
}
