using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using SpeedData.Tests.Server.Support;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Server.Pages;

public sealed partial class PageServingTests
{
    private TestServer _server = null!;
    private TempFolder _pages = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _pages = new TempFolder();
        Directory.CreateDirectory(Path.Combine(_pages.Path, "served"));
        _server = await TestServer.StartWithPagesAsync(Path.Combine(_pages.Path, "served"));
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _server.DisposeAsync();
        _pages.Dispose();
    }

    [Test]
    public async Task The_page_is_served_at_the_root_and_allows_no_inline_code_and_no_other_host()
    {
        using HttpResponseMessage answer = await GetAsync("/");
        string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Multiple(() =>
        {
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That($"{answer.Content.Headers.ContentType}", Is.EqualTo("text/html; charset=utf-8"));
            Assert.That(policy, Does.Contain("default-src 'none'").And.Contain("script-src 'self'").And.Contain("require-trusted-types-for 'script'"));
            Assert.That(policy, Does.Not.Contain("unsafe").And.Not.Contain("http").And.Not.Contain("*"));
            Assert.That(answer.Headers.GetValues("X-Content-Type-Options").Single(), Is.EqualTo("nosniff"));
        });
    }

    [Test]
    public async Task The_server_serves_every_file_that_the_page_loads()
    {
        var seen = new HashSet<string>();
        var next = new Queue<string>(["/"]);
        while (next.TryDequeue(out string? path))
        {
            if (!seen.Add(path))
                continue;
            using HttpResponseMessage answer = await GetAsync(path);
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), path);
            string text = await answer.Content.ReadAsStringAsync();
            if (path.EndsWith(".svg", StringComparison.Ordinal) || path.Contains("/vendor/", StringComparison.Ordinal))
                continue;
            foreach (Match match in References().Matches(text))
                next.Enqueue(new Uri(new Uri("http://x" + path), match.Groups[1].Value).AbsolutePath);
        }

        Assert.That(seen, Has.Count.GreaterThan(30));
    }

    [TestCase("br")]
    [TestCase("gzip")]
    public async Task A_file_is_compressed_if_the_browser_accepts_it(string coding)
    {
        byte[] plain = await BytesAsync("/web/app.js", null), packed = await BytesAsync("/web/app.js", coding);
        using var stream = new MemoryStream(packed);
        using Stream unpacked = coding == "br" ? new BrotliStream(stream, CompressionMode.Decompress) : new GZipStream(stream, CompressionMode.Decompress);
        using var result = new MemoryStream();
        await unpacked.CopyToAsync(result);
        Assert.Multiple(() =>
        {
            Assert.That(packed, Has.Length.LessThan(plain.Length));
            Assert.That(result.ToArray(), Is.EqualTo(plain));
        });
    }

    [Test]
    public async Task A_file_in_the_browsers_cache_is_not_sent_again()
    {
        using HttpResponseMessage first = await GetAsync("/web/app.js");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/web/app.js", UriKind.Relative));
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using HttpResponseMessage second = await _server.Client.SendAsync(request);
        Assert.Multiple(() =>
        {
            Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
            Assert.That(first.Headers.CacheControl!.NoCache, Is.True, "a new version is served immediately");
        });
    }

    [Test]
    public async Task The_charts_are_part_of_this_build()
    {
        using HttpResponseMessage answer = await GetAsync("/web/vendor/uplot.js");
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Custom_pages_are_listed_and_served_with_their_own_policy()
    {
        _pages.Write("served/line.html", "<!doctype html><title>line</title>");
        _pages.Write("served/.hidden.html", "hidden");
        (_, var list) = await _server.JsonAsync("/api/v1/pages");
        using HttpResponseMessage answer = await GetAsync("/pages/line.html");
        Assert.Multiple(() =>
        {
            Assert.That(list.GetProperty("pages").EnumerateArray().Select(page => page.GetString()), Is.EqualTo(new[] { "line.html" }));
            Assert.That($"{answer.Content.Headers.ContentType}", Is.EqualTo("text/html; charset=utf-8"));
            Assert.That(answer.Headers.GetValues("Content-Security-Policy").Single(), Does.Not.Contain("script-src 'unsafe-inline'"));
        });
    }

    [TestCase("/pages/../secret.txt")]
    [TestCase("/pages/%2e%2e/secret.txt")]
    [TestCase("/pages/..%2fsecret.txt")]
    [TestCase("/pages/..%5csecret.txt")]
    [TestCase("/pages/.hidden.html")]
    [TestCase("/pages/link.txt")]
    [TestCase("/pages/folder/secret.txt")]
    [TestCase("/pages/a%00b")]
    [TestCase("/pages//etc/passwd")]
    public async Task Nothing_outside_the_folder_is_served(string path)
    {
        _pages.Write("secret.txt", "secret");
        _pages.Write("served/.hidden.html", "secret");
        File.CreateSymbolicLink(Path.Combine(_pages.Path, "served", "link.txt"), Path.Combine(_pages.Path, "secret.txt"));
        Directory.CreateSymbolicLink(Path.Combine(_pages.Path, "served", "folder"), _pages.Path);
        using HttpResponseMessage answer = await GetAsync(path);
        Assert.Multiple(async () =>
        {
            Assert.That((int)answer.StatusCode, Is.InRange(400, 499));
            Assert.That(await answer.Content.ReadAsStringAsync(), Does.Not.Contain("root:").And.Not.EqualTo("secret"));
        });
    }

    private async Task<byte[]> BytesAsync(string path, string? coding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (coding is not null)
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(coding));
        using HttpResponseMessage answer = await _server.Client.SendAsync(request);
        Assert.That(answer.Content.Headers.ContentEncoding, coding is null ? Is.Empty : Is.EqualTo(new[] { coding }));
        return await answer.Content.ReadAsByteArrayAsync();
    }

    private Task<HttpResponseMessage> GetAsync(string path) => _server.Client.GetAsync(new Uri(path, UriKind.Relative));

    /// <summary>Matches the files that HTML, style sheets and modules load.</summary>
    [GeneratedRegex("""(?:src=|rel="[a-z]+" href=|url\(|from |import\()"([^"$]+\.(?:js|css|svg))""")]
    private static partial Regex References();
}
