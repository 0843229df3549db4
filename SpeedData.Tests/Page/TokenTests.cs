using System.Text.Json.Nodes;
using Microsoft.Playwright;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Page;

/// <summary>The page of a server that requires a token.</summary>
[NonParallelizable]
public sealed class TokenTests
{
    private const string Token = "kl+/ein~Geheimnis==";

    [Test]
    public async Task A_token_entered_once_gives_access_to_a_server_that_requires_it()
    {
        using PageServer server = Server("""{ "Reads": "Token", "TokenFile": "token" }""");
        IPage page = await Browser.OpenAsync($"{server.Address}#/channel/alpha");
        var addresses = new List<string>();
        page.Request += (_, request) => addresses.Add(request.Url);
        page.WebSocket += (_, socket) => addresses.Add(socket.Url);

        await page.FillAsync("dialog input", "wrong");
        await page.ClickAsync("dialog button[type=submit]");
        await page.WaitForSelectorAsync("dialog [role=alert]:text('The token is wrong')");
        await page.FillAsync("dialog input", Token);
        await page.ClickAsync("dialog button[type=submit]");

        await ShowsValuesAsync(server, page);
        await page.ReloadAsync();
        await ShowsValuesAsync(server, page);
        Assert.Multiple(async () =>
        {
            Assert.That(await page.Locator("dialog").CountAsync(), Is.Zero, "the token is kept");
            Assert.That(addresses, Has.None.Contains("Geheimnis").And.None.Contains(Uri.EscapeDataString(Token)));
        });

        await page.GotoAsync($"{server.Address}#/archive");
        await page.ClickAsync("button:text-is('Select') >> nth=0");
        IDownload saved = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("a:text-is('Export')"));
        Assert.That(await File.ReadAllTextAsync(await saved.PathAsync()), Does.StartWith("time,"));
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task After_cancelling_the_page_explains_why_it_is_empty_and_the_token_can_be_entered_later()
    {
        using PageServer server = Server("""{ "Reads": "Token", "TokenFile": "token" }""");
        IPage page = await Browser.OpenAsync($"{server.Address}#/channel/alpha");
        await page.ClickAsync("dialog button:text-is('Cancel')");
        Assert.That(await page.InnerTextAsync(".banner[role=alert]"), Does.StartWith("This server shows its data only with a token."));

        await page.ClickAsync("button:text-is('Enter the token')");
        await page.FillAsync("dialog input", Token);
        await page.Keyboard.PressAsync("Enter");

        await ShowsValuesAsync(server, page);
        Assert.That(await page.IsVisibleAsync(".banner[role=alert]"), Is.False);
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task A_change_that_needs_a_token_asks_for_it_and_is_then_made()
    {
        using PageServer server = Server("""{ "Writes": "Token", "TokenFile": "token" }""");
        IPage page = await Browser.OpenAsync(server.Address);
        await page.ClickAsync("button:text-is('Start tag')");
        await page.FillAsync("dialog input >> nth=0", "lap-1");
        await page.ClickAsync("dialog button[type=submit]");

        foreach (string token in (string[])["wrong", Token])
        {
            await page.WaitForSelectorAsync($"dialog:has(input[name=token]):has-text('{(token == Token ? "does not accept" : "requires a token")}')");
            await page.FillAsync("input[name=token]", token);
            await page.ClickAsync("dialog:has(input[name=token]) button[type=submit]");
        }

        await page.WaitForSelectorAsync(".tag-control button:text-is('Stop')");
        JsonNode tags = server.Json("/api/v1/tags");
        Assert.That(tags["tags"]!.AsArray().Select(tag => tag!["name"]!.GetValue<string>()), Is.EqualTo(new[] { "lap-1" }));
        await page.Context.CloseAsync();
    }

    private static PageServer Server(string api)
    {
        var server = new PageServer(["alpha"], $$"""{ "Api": {{api}} }""");
        File.WriteAllText(Path.Combine(server.Folder, "token"), Token);
        server.Start();
        return server;
    }

    private static Task ShowsValuesAsync(PageServer server, IPage page) => Eventually.TrueAsync(
        async () =>
        {
            server.Send("alpha", new PageRecord(PageRecord.NowNs, 12.5));
            return await page.EvaluateAsync<bool>("() => document.querySelector(\".values [data-signal='alpha.value']\")?.textContent === '12.500'");
        }, () => "values show");
}
