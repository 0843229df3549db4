using System.Net;
using Microsoft.AspNetCore.Http;
using SpeedData.Core.Configuration;
using SpeedData.Server.Http.Access;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Server.Http.Access;

/// <summary>Which request may do what.</summary>
public sealed class AccessPolicyTests
{
    private const string Elsewhere = "192.0.2.7";

    private readonly List<IDisposable> _open = [];
    private TempFolder _folder = null!;
    private string _tokenFile = null!;

    [SetUp]
    public void Write_a_token()
    {
        _folder = new TempFolder();
        _tokenFile = _folder.Write("token", "correct horse battery staple\n");
    }

    [TearDown]
    public void Forget()
    {
        _open.ForEach(o => o.Dispose());
        _folder.Dispose();
    }

    [TestCase("127.0.0.1", ExpectedResult = null)]
    [TestCase("127.9.9.9", ExpectedResult = null)]
    [TestCase("::1", ExpectedResult = null)]
    [TestCase("::ffff:127.0.0.1", ExpectedResult = null)]
    [TestCase("10.1.2.3", ExpectedResult = null)]
    [TestCase("::ffff:10.1.2.3", ExpectedResult = null)]
    [TestCase("fd00:1::5", ExpectedResult = null)]
    [TestCase("10.2.2.3", ExpectedResult = "SpeedData:Api:WriteFrom")]
    [TestCase(Elsewhere, ExpectedResult = "SpeedData:Api:WriteFrom")]
    [TestCase("fd00:2::5", ExpectedResult = "SpeedData:Api:WriteFrom")]
    public string? A_write_without_a_token_comes_from_this_host_or_a_listed_network(string from) =>
        KeyFor(new ApiOptions { WriteFrom = [IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("fd00:1::/32")] }, Request("POST", from));

    [TestCase("Forwarded", "for=127.0.0.1")]
    [TestCase("X-Forwarded-For", "127.0.0.1")]
    [TestCase("x-forwarded-host", "127.0.0.1")]
    [TestCase("Via", "1.1 proxy")]
    public void A_forwarded_write_never_counts_as_local(string header, string value)
    {
        DefaultHttpContext request = Request("PUT", "127.0.0.1", (header, value));

        Assert.Multiple(() =>
        {
            Assert.That(KeyFor(new ApiOptions(), request), Is.EqualTo("SpeedData:Api:TokenFile"));
            Assert.That(KeyFor(new ApiOptions { TokenFile = _tokenFile }, Request("PUT", "127.0.0.1", (header, value), Bearer("correct horse battery staple"))), Is.Null);
        });
    }

    [TestCase(ApiWrites.Loopback, "127.0.0.1", null, ExpectedResult = null)]
    [TestCase(ApiWrites.Loopback, Elsewhere, "correct horse battery staple", ExpectedResult = null)]
    [TestCase(ApiWrites.Loopback, Elsewhere, "wrong", ExpectedResult = "SpeedData:Api:TokenFile")]
    [TestCase(ApiWrites.Loopback, "127.0.0.1", "wrong", ExpectedResult = "SpeedData:Api:TokenFile")]
    [TestCase(ApiWrites.Token, "127.0.0.1", null, ExpectedResult = "SpeedData:Api:TokenFile")]
    [TestCase(ApiWrites.Token, "127.0.0.1", "correct horse battery staple", ExpectedResult = null)]
    [TestCase(ApiWrites.Token, Elsewhere, "correct horse battery staple", ExpectedResult = null)]
    [TestCase(ApiWrites.Off, "127.0.0.1", "correct horse battery staple", ExpectedResult = "SpeedData:Api:Writes")]
    public string? Writes_by_mode_source_and_token(ApiWrites writes, string from, string? token) =>
        KeyFor(new ApiOptions { Writes = writes, TokenFile = _tokenFile }, token is null ? Request("DELETE", from) : Request("DELETE", from, Bearer(token)));

    [TestCase("/api/v1/channels", null, ExpectedResult = "SpeedData:Api:Reads")]
    [TestCase("/api/v1/channels", "wrong", ExpectedResult = "SpeedData:Api:Reads")]
    [TestCase("/api/v1/channels", "correct horse battery staple", ExpectedResult = null)]
    [TestCase("/API/v1/channels", null, ExpectedResult = "SpeedData:Api:Reads")]
    [TestCase("/metrics", null, ExpectedResult = "SpeedData:Api:Reads")]
    [TestCase("/health/ready", null, ExpectedResult = null)]
    [TestCase("/health", null, ExpectedResult = null)]
    [TestCase("/api/v1/health", null, ExpectedResult = null)]
    [TestCase("/", null, ExpectedResult = null)]
    public string? Reading_with_a_token_leaves_health_open(string path, string? token)
    {
        DefaultHttpContext request = token is null ? Request("GET", Elsewhere) : Request("GET", Elsewhere, Bearer(token));
        request.Request.Path = path;
        return KeyFor(new ApiOptions { Reads = ApiReads.Token, TokenFile = _tokenFile }, request);
    }

    [TestCase("127.0.0.1:8080", ExpectedResult = null)]
    [TestCase("192.0.2.1", ExpectedResult = null)]
    [TestCase("[::1]:8080", ExpectedResult = null)]
    [TestCase("localhost:8080", ExpectedResult = null)]
    [TestCase("LOCALHOST", ExpectedResult = null)]
    [TestCase("recorder.lab.example:8080", ExpectedResult = null)]
    [TestCase("attacker.example", ExpectedResult = "SpeedData:Api:AllowedHosts")]
    [TestCase("127.0.0.1.attacker.example", ExpectedResult = "SpeedData:Api:AllowedHosts")]
    [TestCase("", ExpectedResult = "SpeedData:Api:AllowedHosts")]
    public string? A_write_names_this_host(string host)
    {
        DefaultHttpContext request = Request("POST", "127.0.0.1");
        request.Request.Headers.Host = host;
        return KeyFor(new ApiOptions { AllowedHosts = ["recorder.lab.example"] }, request);
    }

    [Test]
    public void The_host_names_of_this_machine_are_accepted()
    {
        string name = Dns.GetHostName();

        Assert.Multiple(() =>
        {
            Assert.That(OwnHosts.Has(name), Is.True);
            Assert.That(OwnHosts.Has(name.Split('.')[0] + ".local"), Is.True);
            Assert.That(OwnHosts.Has(name + ".attacker.example"), Is.False);
        });
    }

    [TestCase("http://127.0.0.1:8080", ExpectedResult = null)]
    [TestCase("http://pages.example", ExpectedResult = null)]
    [TestCase("https://pages.example", ExpectedResult = "SpeedData:Api:AllowedOrigins")]
    [TestCase("http://127.0.0.1:8081", ExpectedResult = "SpeedData:Api:AllowedOrigins")]
    [TestCase("https://127.0.0.1:8080", ExpectedResult = "SpeedData:Api:AllowedOrigins")]
    [TestCase("http://127.0.0.1", ExpectedResult = "SpeedData:Api:AllowedOrigins")]
    [TestCase("http://attacker.example", ExpectedResult = "SpeedData:Api:AllowedOrigins")]
    [TestCase("null", ExpectedResult = "SpeedData:Api:AllowedOrigins")]
    [TestCase("", ExpectedResult = "SpeedData:Api:AllowedOrigins")]
    public string? A_browser_writes_from_the_same_origin_or_a_listed_one(string origin) =>
        KeyFor(new ApiOptions { AllowedOrigins = ["http://pages.example"] }, Request("POST", "127.0.0.1", ("Origin", origin)));

    [Test]
    public void Behind_a_TLS_proxy_the_page_has_the_same_origin()
    {
        DefaultHttpContext request = Request("POST", "127.0.0.1", ("Origin", "https://recorder.lab.example"), ("X-Forwarded-Proto", "https"), Bearer("correct horse battery staple"));
        request.Request.Headers.Host = "recorder.lab.example";

        Assert.That(KeyFor(new ApiOptions { AllowedHosts = ["recorder.lab.example"], TokenFile = _tokenFile }, request), Is.Null);
    }

    [Test]
    public void A_cross_site_write_without_an_origin_is_refused() =>
        Assert.That(KeyFor(new ApiOptions(), Request("POST", "127.0.0.1", ("Sec-Fetch-Site", "cross-site"))), Is.EqualTo("SpeedData:Api:AllowedOrigins"));

    [TestCase("http://attacker.example", "127.0.0.1:8080", ExpectedResult = "SpeedData:Api:AllowedOrigins")]
    [TestCase("http://attacker.example", "attacker.example", ExpectedResult = "SpeedData:Api:AllowedHosts")]
    [TestCase("http://127.0.0.1:8080", "127.0.0.1:8080", ExpectedResult = null)]
    [TestCase(null, "127.0.0.1:8080", ExpectedResult = null)]
    public string? A_WebSocket_is_checked_for_host_and_origin_and_not_for_its_source(string? origin, string host)
    {
        DefaultHttpContext request = Request("GET", Elsewhere, ("Connection", "Upgrade"), ("Upgrade", "websocket"));
        request.Request.Headers.Host = host;
        if (origin is not null)
            request.Request.Headers.Origin = origin;
        return KeyFor(new ApiOptions(), request);
    }

    [Test]
    public void A_WebSocket_carries_the_token_in_a_subprotocol()
    {
        DefaultHttpContext request = Request("GET", Elsewhere, ("Upgrade", "websocket"), ("Sec-WebSocket-Protocol", "speeddata.live.v1, speeddata.bearer.Y29ycmVjdCBob3JzZSBiYXR0ZXJ5IHN0YXBsZQ"));

        Assert.That(KeyFor(new ApiOptions { Reads = ApiReads.Token, TokenFile = _tokenFile }, request), Is.Null);
    }

    [Test]
    public void Reading_is_allowed_from_any_source_and_for_any_host()
    {
        DefaultHttpContext request = Request("GET", Elsewhere, ("Origin", "http://attacker.example"));
        request.Request.Headers.Host = "attacker.example";

        Assert.That(KeyFor(new ApiOptions { Writes = ApiWrites.Off }, request), Is.Null);
    }

    [Test]
    public void A_POST_that_changes_nothing_counts_as_reading() =>
        Assert.That(KeyFor(new ApiOptions { Writes = ApiWrites.Off }, Look(Request("POST", Elsewhere))), Is.Null);

    [TestCase(null, ExpectedResult = "SpeedData:Api:Reads")]
    [TestCase("correct horse battery staple", ExpectedResult = null)]
    public string? Such_a_POST_needs_the_token_where_reading_does(string? token) =>
        KeyFor(new ApiOptions { Reads = ApiReads.Token, TokenFile = _tokenFile }, Look(token is null ? Request("POST", "127.0.0.1") : Request("POST", "127.0.0.1", Bearer(token))));

    [TestCase("Origin", "http://attacker.example", ExpectedResult = "SpeedData:Api:AllowedOrigins")]
    [TestCase("Sec-Fetch-Site", "cross-site", ExpectedResult = "SpeedData:Api:AllowedOrigins")]
    [TestCase("Host", "attacker.example", ExpectedResult = "SpeedData:Api:AllowedHosts")]
    public string? Such_a_POST_is_refused_to_pages_of_other_origins(string header, string value) => KeyFor(new ApiOptions(), Look(Request("POST", "127.0.0.1", (header, value))));

    [TestCase(true, ExpectedResult = null)]
    [TestCase(false, ExpectedResult = "SpeedData:Api:WriteFrom")]
    public string? A_POST_that_sometimes_changes_nothing_counts_as_reading_then(bool isLook) => KeyFor(new ApiOptions(), Look(Request("POST", Elsewhere), isLook));

    [TestCase(ApiWrites.Loopback, "127.0.0.1", null, ExpectedResult = null)]
    [TestCase(ApiWrites.Off, "127.0.0.1", null, ExpectedResult = null)]
    [TestCase(ApiWrites.Token, "127.0.0.1", null, ExpectedResult = "SpeedData:Api:TokenFile")]
    [TestCase(ApiWrites.Off, Elsewhere, null, ExpectedResult = "SpeedData:Api:WriteFrom")]
    [TestCase(ApiWrites.Off, Elsewhere, "correct horse battery staple", ExpectedResult = null)]
    public string? Files_of_the_server_are_examined_for_those_who_could_write(ApiWrites writes, string from, string? token) =>
        Policy(new ApiOptions { Writes = writes, TokenFile = _tokenFile }).RefusalOfFiles(token is null ? Request("POST", from) : Request("POST", from, Bearer(token)))?.Key;

    [Test]
    public void After_many_wrong_tokens_even_the_right_one_is_refused()
    {
        AccessPolicy policy = Policy(new ApiOptions { TokenFile = _tokenFile });
        int[] answers = [.. Enumerable.Range(0, 40).Select(i => policy.RefusalOf(Request("POST", Elsewhere, Bearer($"guess {i}")))!.Status)];

        Assert.Multiple(() =>
        {
            Assert.That(answers[..30], Is.All.EqualTo(403));
            Assert.That(answers[30..], Is.All.EqualTo(429));
            Assert.That(policy.RefusalOf(Request("POST", Elsewhere, Bearer("correct horse battery staple")))?.Status, Is.EqualTo(429));
            Assert.That(policy.RefusalOf(Request("POST", "192.0.2.8", Bearer("correct horse battery staple"))), Is.Null, "another address");
        });
    }

    /// <summary>A limiter that is refilled gradually has a little room again immediately.</summary>
    [Test]
    public void The_limit_on_wrong_tokens_is_not_refilled_immediately()
    {
        AccessPolicy policy = Policy(new ApiOptions { TokenFile = _tokenFile });
        for (int i = 0; i < 30; i++)
            policy.RefusalOf(Request("POST", Elsewhere, Bearer($"guess {i}")));
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (waited.Elapsed < TimeSpan.FromMilliseconds(500))
        {
            Assert.That(policy.RefusalOf(Request("POST", Elsewhere, Bearer("correct horse battery staple")))?.Status, Is.EqualTo(429));
            Thread.Sleep(5);
        }
    }

    [TestCase("")]
    [TestCase("  \n")]
    public void An_empty_token_file_lets_nobody_in(string content)
    {
        File.WriteAllText(_tokenFile, content);

        Assert.Multiple(() =>
        {
            Assert.That(KeyFor(new ApiOptions { Writes = ApiWrites.Token, TokenFile = _tokenFile }, Request("POST", "127.0.0.1", Bearer(""))), Is.Not.Null);
            Assert.That(KeyFor(new ApiOptions { Writes = ApiWrites.Token, TokenFile = _tokenFile }, Request("POST", "127.0.0.1", Bearer(content))), Is.Not.Null);
        });
    }

    [Test]
    public void A_new_token_replaces_the_old_one_without_a_restart()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        AccessPolicy policy = Policy(new ApiOptions { TokenFile = _tokenFile }, time);
        Assert.That(policy.RefusalOf(Request("POST", Elsewhere, Bearer("correct horse battery staple"))), Is.Null);
        File.WriteAllText(_tokenFile, "another");
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Multiple(() =>
        {
            Assert.That(policy.RefusalOf(Request("POST", Elsewhere, Bearer("another"))), Is.Null);
            Assert.That(policy.RefusalOf(Request("POST", Elsewhere, Bearer("correct horse battery staple"))), Is.Not.Null);
        });
    }

    [Test]
    public void A_refusal_names_its_key_and_not_the_token()
    {
        Refusal refusal = Policy(new ApiOptions { Writes = ApiWrites.Token, TokenFile = _tokenFile }).RefusalOf(Request("POST", Elsewhere, Bearer("secret guess")))!;

        Assert.That(refusal.Why, Does.Contain(refusal.Key).And.Not.Contain("secret guess").And.Not.Contain("correct horse"));
    }

    private static DefaultHttpContext Look(DefaultHttpContext request, bool isLook = true)
    {
        request.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new ReadsOnly(_ => isLook)), "reads"));
        return request;
    }

    private static (string Name, string Value) Bearer(string token) => ("Authorization", $"Bearer {token}");

    private static DefaultHttpContext Request(string method, string from, params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(from);
        context.Request.Method = method;
        context.Request.Scheme = "http";
        context.Request.Path = "/api/v1/channels";
        context.Request.Headers.Host = "127.0.0.1:8080";
        foreach ((string name, string value) in headers)
            context.Request.Headers[name] = value;
        return context;
    }

    private AccessPolicy Policy(ApiOptions options, TimeProvider? time = null)
    {
        var token = new TokenCheck(options.TokenFile, time ?? TimeProvider.System);
        _open.Add(token);
        return new AccessPolicy(options, token);
    }

    private string? KeyFor(ApiOptions options, HttpContext request) => Policy(options).RefusalOf(request)?.Key;
}
