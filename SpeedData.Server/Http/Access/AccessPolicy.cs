using System.Net;
using Microsoft.AspNetCore.Http.Features;
using SpeedData.Core.Configuration;

namespace SpeedData.Server.Http.Access;

/// <summary>Why a request is refused.</summary>
/// <param name="Status">403, or 429 after too many wrong tokens.</param>
/// <param name="Key">The configuration key that would allow the request.</param>
/// <param name="Why">One sentence that names the key.</param>
internal sealed record Refusal(int Status, string Key, string Why);

/// <summary>Marks an address whose POST changes nothing, so that the POST counts as reading.</summary>
/// <param name="When">Which requests change nothing; null for all.</param>
internal sealed record ReadsOnly(Func<HttpRequest, bool>? When = null);

/// <summary>Marks a request that the server sends to itself. No client can set a feature of a request.</summary>
internal sealed class OwnRequest;

/// <summary>
/// Decides which requests are allowed. Every method except GET, HEAD and OPTIONS is a write, so that no address can be forgotten;
/// <see cref="ReadsOnly"/> marks exceptions. A page of another origin may not even send those: answering takes
/// work, and the time it takes reveals what the server knows. Any thread.
/// </summary>
internal sealed class AccessPolicy(ApiOptions options, TokenCheck token)
{
    private const string Section = "SpeedData:Api:";

    /// <summary>The addresses that need the token if reading does. Health checks and the page itself are served to everyone.</summary>
    private static readonly string[] Data = ["/api", "/metrics", "/openapi", "/foxglove"];

    /// <returns>Null if the request is allowed.</returns>
    public Refusal? RefusalOf(HttpContext context)
    {
        if (context.Features.Get<OwnRequest>() is not null)
            return null;
        HttpRequest request = context.Request;
        bool isWebSocket = IsWebSocket(context);
        bool isPlain = !isWebSocket && IsPlainRead(request.Method);
        bool isRead = isWebSocket || isPlain || ChangesNothing(context);
        Refusal? refusal = !isRead ? RefusalOfWriter(request) : IsData(request) ? RefusalOfReader(request) : null;
        return refusal ?? (isPlain ? null : RefusalOfHost(request) ?? RefusalOfOrigin(request));
    }

    /// <summary>Decides whether the request may name a file of this server, since the answer reveals its existence and content.</summary>
    /// <returns>Null if the request is allowed.</returns>
    public Refusal? RefusalOfFiles(HttpContext context) => RefusalOfStranger(context.Request);

    private static bool IsWebSocket(HttpContext context) =>
        context.Request.Headers.Upgrade.Any(protocol => protocol?.Contains("websocket", StringComparison.OrdinalIgnoreCase) == true)
        || context.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect == true;

    private static bool IsPlainRead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private static bool ChangesNothing(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<ReadsOnly>() is { } mark && mark.When?.Invoke(context.Request) != false;

    private static bool IsData(HttpRequest request) =>
        Data.Any(path => request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)) && request.Path != "/api/v1/health";

    private Refusal? RefusalOfWriter(HttpRequest request) => options.Writes == ApiWrites.Off
        ? Forbidden("Writes", "writing is switched off: {0} is Off; use Loopback or Token")
        : RefusalOfStranger(request);

    private Refusal? RefusalOfStranger(HttpRequest request)
    {
        switch (token.Check(request))
        {
            case TokenVerdict.Right:
                return null;
            case TokenVerdict.TooManyWrong:
                return TooMany();
            case TokenVerdict.Wrong:
                return Forbidden("TokenFile", "the token is not the one in the file that {0} names");
        }

        if (options.Writes == ApiWrites.Token)
            return Forbidden("TokenFile", "this needs the token of the file that {0} names: Authorization: Bearer TOKEN");
        if (IsForwarded(request))
            return Forbidden("TokenFile", "through a proxy this needs the token in the file that {0} names");
        return IsFromHere(request.HttpContext.Connection.RemoteIpAddress)
            ? null
            : Forbidden("WriteFrom", $"this is allowed from this host, with a token ({Section}TokenFile), or from a network in {{0}}");
    }

    private Refusal? RefusalOfReader(HttpRequest request) => options.Reads != ApiReads.Token ? null : token.Check(request) switch
    {
        TokenVerdict.Right => null,
        TokenVerdict.TooManyWrong => TooMany(),
        _ => Forbidden("Reads", $"{{0}} is Token: send the token of the file that {Section}TokenFile names, Authorization: Bearer TOKEN"),
    };

    /// <summary>Refuses unknown host names: with DNS rebinding, an attacker's page would have the origin of this server.</summary>
    private Refusal? RefusalOfHost(HttpRequest request) =>
        OwnHosts.Has(request.Host.Host) || options.AllowedHosts.Contains(request.Host.Host.TrimEnd('.'), StringComparer.OrdinalIgnoreCase)
            ? null
            : Forbidden("AllowedHosts", "the Host header is not an address, localhost or a name of this machine; add it to {0}");

    private Refusal? RefusalOfOrigin(HttpRequest request)
    {
        string? origin = request.Headers.Origin.FirstOrDefault();
        bool isForeign = origin is null
            ? request.Headers["Sec-Fetch-Site"].Any(site => site is "cross-site" or "same-site")
            : !RequestOrigin.IsSame(request, origin) && !options.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);
        return isForeign ? Forbidden("AllowedOrigins", "the request comes from a page of another origin; add that origin to {0}") : null;
    }

    private bool IsFromHere(IPAddress? address)
    {
        if (address is null)
            return false;
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IPAddress.IsLoopback(plain) || options.WriteFrom.Any(network => network.Contains(plain));
    }

    /// <summary>Whether a proxy forwarded the request. Its address is then the proxy's, and anyone can forge the headers.</summary>
    private static bool IsForwarded(HttpRequest request) =>
        request.Headers.Keys.Any(name => name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
            || name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase) || name.Equals("Via", StringComparison.OrdinalIgnoreCase));

    private static Refusal Forbidden(string key, string why) => new(StatusCodes.Status403Forbidden, Section + key, string.Format(System.Globalization.CultureInfo.InvariantCulture, why, Section + key));

    private static Refusal TooMany() => new(StatusCodes.Status429TooManyRequests, $"{Section}TokenFile", $"too many wrong tokens from this address; wait a minute, and send the token of the file that {Section}TokenFile names");
}
