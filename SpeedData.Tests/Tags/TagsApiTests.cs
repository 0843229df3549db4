using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using SpeedData.Tests.Server.Support;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Tags;

/// <summary>Tags over HTTP.</summary>
public sealed class TagsApiTests
{
    [Test]
    public async Task A_tag_is_created_read_marked_stopped_and_deleted()
    {
        using var folder = new TempFolder();
        await using TestServer server = await TestServer.StartAsync(folder.Path);
        (HttpStatusCode put, JsonElement tag) = await SendAsync(server, HttpMethod.Put, "/api/v1/tags/run-1", """{"from":"-30s","to":null,"channels":["engine"],"labels":{"pilot":"ann"},"note":"n"}""");
        (HttpStatusCode marked, _) = await SendAsync(server, HttpMethod.Post, "/api/v1/tags/run-1/marks", """{"text":"flaps out"}""");
        (HttpStatusCode again, JsonElement labelled) = await SendAsync(server, HttpMethod.Put, "/api/v1/tags/run-1", """{"labels":{"pilot":"bob"}}""");
        (HttpStatusCode stopped, JsonElement closed) = await SendAsync(server, HttpMethod.Post, "/api/v1/tags/run-1/stop", null);
        (HttpStatusCode twice, JsonElement error) = await SendAsync(server, HttpMethod.Post, "/api/v1/tags/run-1/stop", null);
        (_, JsonElement list) = await SendAsync(server, HttpMethod.Get, "/api/v1/tags?label=pilot%3Dbob", null);
        (HttpStatusCode deleted, _) = await SendAsync(server, HttpMethod.Delete, "/api/v1/tags/run-1", null);
        (HttpStatusCode gone, _) = await SendAsync(server, HttpMethod.Get, "/api/v1/tags/run-1", null);

        Assert.Multiple(() =>
        {
            Assert.That((put, tag.GetProperty("open").GetBoolean(), tag.GetProperty("to").ValueKind), Is.EqualTo((HttpStatusCode.Created, true, JsonValueKind.Null)));
            Assert.That(marked, Is.EqualTo(HttpStatusCode.Created));
            Assert.That((again, labelled.GetProperty("labels").GetProperty("pilot").GetString(), labelled.GetProperty("from").GetString()), Is.EqualTo((HttpStatusCode.OK, "bob", tag.GetProperty("from").GetString())));
            Assert.That((stopped, closed.GetProperty("open").GetBoolean(), closed.GetProperty("marks").GetArrayLength()), Is.EqualTo((HttpStatusCode.OK, false, 1)));
            Assert.That((twice, error.GetProperty("error").GetString()), Is.EqualTo((HttpStatusCode.Conflict, error.GetProperty("error").GetString())));
            Assert.That(list.GetProperty("tags").GetArrayLength(), Is.EqualTo(1));
            Assert.That((deleted, gone), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.NotFound)));
        });
    }

    [Test]
    public async Task A_page_continues_after_the_previous_one_and_reports_if_that_tag_is_gone()
    {
        using var folder = new TempFolder();
        await using TestServer server = await TestServer.StartAsync(folder.Path);
        for (int i = 1; i <= 3; i++)
            await SendAsync(server, HttpMethod.Put, $"/api/v1/tags/run-{i}", $$$"""{"from":"2026-01-0{{{i}}}T00:00:00Z","to":"2026-01-0{{{i}}}T01:00:00Z","labels":{"pilot":"ann"}}""");

        JsonElement first = (await SendAsync(server, HttpMethod.Get, "/api/v1/tags?label=pilot%3Dann&limit=1", null)).Body;
        await SendAsync(server, HttpMethod.Put, "/api/v1/tags/run-3", """{"labels":{"pilot":"bob"}}""");
        JsonElement second = (await SendAsync(server, HttpMethod.Get, "/api/v1/tags?label=pilot%3Dann&limit=1&after=run-3", null)).Body;
        await SendAsync(server, HttpMethod.Delete, "/api/v1/tags/run-3?delete_data=true", null);
        (HttpStatusCode status, JsonElement gone) = await SendAsync(server, HttpMethod.Get, "/api/v1/tags?after=run-3", null);

        Assert.Multiple(() =>
        {
            Assert.That(first.GetProperty("next").GetString(), Is.EqualTo("run-3"));
            Assert.That(second.GetProperty("tags")[0].GetProperty("name").GetString(), Is.EqualTo("run-2"));
            Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(gone.GetProperty("error").GetString(), Does.StartWith("after run-3: there is no such tag"));
        });
    }

    [TestCase("/api/v1/tags/run-1", "[]")]
    [TestCase("/api/v1/tags/run-1", """{"from":"yesterday"}""")]
    [TestCase("/api/v1/tags/run-1", """{"from":"2026-01-01T00:00:00"}""")]
    [TestCase("/api/v1/tags/run-1", """{"from":"2026-01-02T00:00:00Z","to":"2026-01-01T00:00:00Z"}""")]
    [TestCase("/api/v1/tags/run-1", """{"lables":{}}""")]
    [TestCase("/api/v1/tags/run-1", """{"channels":["../x"]}""")]
    [TestCase("/api/v1/tags/.hidden", "{}")]
    [TestCase("/api/v1/tags/a%2Fb", "{}")]
    [TestCase("/api/v1/tags/abc%0A", "{}")]
    [TestCase("/api/v1/tags/CON", "{}")]
    [TestCase("/api/v1/tags/com1.txt", "{}")]
    [TestCase("/api/v1/tags/%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD", "{}")]
    [TestCase("/api/v1/tags/run-1", """{"note":"\ud800"}""")]
    [TestCase("/api/v1/tags/run-1", """{"labels":{"\udfff":"x"}}""")]
    [TestCase("/api/v1/tags/run-1", """{"labels":{"x":"\ud800"}}""")]
    [TestCase("/api/v1/tags/run-1", """{"\ud800":1}""")]
    [TestCase("/api/v1/tags/run-1", """{"channels":["a\u0000b"]}""")]
    [TestCase("/api/v1/tags/run-1", """{"from":9223372036854775807}""")]
    [TestCase("/api/v1/tags/run-1", """{"to":9223372036854775807}""")]
    [TestCase("/api/v1/tags/run-1", """{"marks":[{"at":9223372036854775807,"text":"a"}]}""")]
    public async Task An_invalid_tag_is_refused(string path, string body)
    {
        using var folder = new TempFolder();
        await using TestServer server = await TestServer.StartAsync(folder.Path);
        (HttpStatusCode status, JsonElement answer) = await SendAsync(server, HttpMethod.Put, path, body);
        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest), answer.ToString());
            Assert.That(answer.GetProperty("error").GetString(), Is.Not.Empty);
            Assert.That(Directory.EnumerateFiles(folder.Path, "tag.json", SearchOption.AllDirectories), Is.Empty);
        });
    }

    [Test]
    public async Task Many_concurrent_requests_do_not_block_other_requests()
    {
        using var folder = new TempFolder();
        await using TestServer server = await TestServer.StartAsync(folder.Path);
        Task<(HttpStatusCode Status, JsonElement Body)>[] starts = [.. Enumerable.Range(0, 200).Select(i => SendAsync(server, HttpMethod.Put, $"/api/v1/tags/run-{i}", "{}"))];
        using HttpResponseMessage health = await server.Client.GetAsync(new Uri("/health", UriKind.Relative));
        Assert.That(health.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await Task.WhenAll(starts)).Select(answer => answer.Status), Is.All.EqualTo(HttpStatusCode.Created));
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(TestServer server, HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await server.Client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }
}
