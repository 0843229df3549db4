using System.Text.Json.Nodes;
using Microsoft.Playwright;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Page;

/// <summary>Changes through the page: tags and channels.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ManageTests
{
    [Test]
    public async Task A_tag_is_started_marked_and_stopped_and_is_in_the_list()
    {
        using var server = new PageServer(["alpha"]);
        server.Start();
        IPage page = await Browser.OpenAsync(server.Address);
        await page.ClickAsync("button:text-is('Start tag')");
        await page.FillAsync("dialog input >> nth=0", "lap-1");
        await page.FillAsync("dialog input >> nth=1", "the first");
        await page.FillAsync("dialog input >> nth=2", "driver=ann");
        await page.ClickAsync("dialog button[type=submit]");
        await page.ClickAsync("button:text-is('Mark')");
        await page.FillAsync("dialog input", "a bump");
        await page.ClickAsync("dialog button[type=submit]");
        await page.WaitForSelectorAsync("dialog", new() { State = WaitForSelectorState.Detached });
        await page.ClickAsync(".tag-control button:text-is('Stop')");
        await page.WaitForSelectorAsync("button:text-is('Start tag')");
        JsonNode tag = server.Json("/api/v1/tags/lap-1");
        Assert.Multiple(() =>
        {
            Assert.That(tag["to"]?.GetValue<string>(), Is.Not.Null);
            Assert.That(tag["note"]!.GetValue<string>(), Is.EqualTo("the first"));
            Assert.That(tag["labels"]!["driver"]!.GetValue<string>(), Is.EqualTo("ann"));
            Assert.That(tag["marks"]!.AsArray().Select(mark => mark!["text"]!.GetValue<string>()), Is.EqualTo(new[] { "a bump" }));
        });
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task A_channel_is_added_changed_and_removed_after_the_server_has_validated_it()
    {
        using var server = new PageServer(["alpha"]);
        server.Start();
        IPage page = await Browser.OpenAsync($"{server.Address}#/channels?add=1");
        await page.FillAsync("label:has-text('Name') input", "motor");
        await page.FillAsync("label.field:has(textarea) >> nth=0 >> textarea", """{ "type": "record", "name": "motor", "fields": [ { "name": "rpm", "type": "double" } ] }""");
        await SetFactorAsync(page, "0");
        await page.WaitForSelectorAsync("label:has-text('Factor') input[aria-invalid=true]");
        await SetFactorAsync(page, "7");
        await page.WaitForSelectorAsync(".good-text");
        await page.ClickAsync("button[type=submit]");
        await page.ClickAsync("tr[data-channel=motor] a:text-is('Change')");
        await SetFactorAsync(page, "9");
        await page.WaitForSelectorAsync(".preview code:text-is('Decimated:Factor')");
        await page.ClickAsync("button[type=submit]");
        await Eventually.TrueAsync(() => Task.FromResult(server.Json("/api/v1/channels/motor")["config"]!["decimated"]!["factor"]!.GetValue<int>() == 9), () => "the channel is changed");
        await page.ClickAsync("tr[data-channel=motor] button:text-is('Remove')");
        await page.ClickAsync("dialog button[type=submit]");
        await page.WaitForSelectorAsync("tr[data-channel=motor]", new() { State = WaitForSelectorState.Detached });
        Assert.That(server.Json("/api/v1/channels")["channels"]!.AsArray(), Has.Count.EqualTo(1));
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task Removing_a_tag_with_the_last_copy_first_shows_the_files_that_are_deleted()
    {
        using var server = new PageServer(["alpha"]);
        server.Start();
        IPage page = await Browser.OpenAsync($"{server.Address}#/archive");
        await page.EvaluateAsync("() => fetch('api/v1/tags/lap-1', { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: '{}' })");
        for (int i = 0; i < 50; i++, await Task.Delay(20))
            server.Send("alpha", new PageRecord(PageRecord.NowNs, 1));
        await Eventually.TrueAsync(() => Task.FromResult(server.Json("/api/v1/runs")["runs"]!.AsArray().Count > 0), () => "the records are written");
        await page.EvaluateAsync("() => fetch('api/v1/tags/lap-1/stop', { method: 'POST' })");
        // A tag keeps only finished files, so the server is killed and restarted.
        server.Kill();
        server.Start();
        await Eventually.TrueAsync(() => Task.FromResult(server.Json("/api/v1/tags/lap-1")["files"]!.GetValue<int>() > 0), () => "the tag keeps the finished file");
        foreach (string file in Directory.GetFiles(Path.Combine(server.Folder, "data", "alpha"), "*.avro*"))
            File.Delete(file);

        await page.ReloadAsync();
        await page.ClickAsync("[aria-label='Remove lap-1']");
        await page.ClickAsync("dialog button:text-is('Remove the tag')");
        await page.WaitForSelectorAsync("dialog li:has-text('alpha 1 file')");
        await page.ClickAsync("dialog button:text-is('Remove the tag and delete them')");
        Assert.That(server.Json("/api/v1/tags")["tags"]!.AsArray(), Has.Count.EqualTo(1), "the removal was not confirmed");
        await page.CheckAsync("dialog input[type=checkbox]");
        await page.ClickAsync("dialog button:text-is('Remove the tag and delete them')");

        await page.WaitForSelectorAsync("[aria-label='Remove lap-1']", new() { State = WaitForSelectorState.Detached });
        Assert.That(server.Json("/api/v1/tags")["tags"]!.AsArray(), Is.Empty);
        await page.Context.CloseAsync();
    }

    private static async Task SetFactorAsync(IPage page, string factor)
    {
        await page.FillAsync("label:has-text('Factor') input", factor);
        await page.Keyboard.PressAsync("Tab");
    }
}
