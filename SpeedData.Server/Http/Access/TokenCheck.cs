using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Primitives;

namespace SpeedData.Server.Http.Access;

internal enum TokenVerdict
{
    /// <summary>The request has no token, or this server has none.</summary>
    Absent,
    Right,
    Wrong,

    /// <summary>The address has sent too many wrong tokens; for a while no further token is checked.</summary>
    TooManyWrong,
}

/// <summary>
/// Compares the bearer token of a request with the token in the file, in constant time. The file is read again after a second, so
/// that a new token works without a restart. Any thread.
/// </summary>
internal sealed class TokenCheck(string? file, TimeProvider time) : IDisposable
{
    /// <summary>Prefix of the subprotocol that carries the token in base64url. A browser cannot set a header on a WebSocket.</summary>
    public const string Subprotocol = "speeddata.bearer.";

    private const int LongestToken = 4096, WrongPerMinute = 30;

    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    // Created at the first wrong token, since its timer then fires 40 times a second.
    private readonly Lazy<PartitionedRateLimiter<HttpContext>> _wrong = new(() => PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetFixedWindowLimiter(
        $"{context.Connection.RemoteIpAddress}",
        _ => new FixedWindowRateLimiterOptions { PermitLimit = WrongPerMinute, Window = TimeSpan.FromMinutes(1) })));

    private byte[]? _right;
    private long? _readAt;

    public TokenVerdict Check(HttpRequest request)
    {
        if (file is null || Sent(request) is not { Length: > 0 } sent)
            return TokenVerdict.Absent;
        if (_wrong.IsValueCreated)
        {
            using RateLimitLease room = _wrong.Value.AttemptAcquire(request.HttpContext, permitCount: 0);
            if (!room.IsAcquired)
                return TokenVerdict.TooManyWrong;
        }

        // All digests have the same length, so the timing does not reveal the token's length.
        if (Right() is { } right && CryptographicOperations.FixedTimeEquals(right, Digest(sent)))
            return TokenVerdict.Right;
        _wrong.Value.AttemptAcquire(request.HttpContext).Dispose();
        return TokenVerdict.Wrong;
    }

    public void Dispose()
    {
        if (_wrong.IsValueCreated)
            _wrong.Value.Dispose();
    }

    private static string? Sent(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        if (request.Headers.Authorization.FirstOrDefault(value => value?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true) is { } header)
            return header[Scheme.Length..].Trim();
        StringValues offered = request.Headers.SecWebSocketProtocol;
        string? encoded = offered.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries)).FirstOrDefault(name => name.StartsWith(Subprotocol, StringComparison.Ordinal));
        return encoded is null ? null : Decoded(encoded[Subprotocol.Length..]);
    }

    private static string Decoded(string base64Url)
    {
        try
        {
            return Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(base64Url));
        }
        catch (FormatException)
        {
            return base64Url;
        }
    }

    private byte[]? Right()
    {
        lock (_gate)
        {
            if (_readAt is { } at && time.GetElapsedTime(at) < ReadAgainAfter)
                return _right;
            _right = Read();
            _readAt = time.GetTimestamp();
            return _right;
        }
    }

    /// <returns>Null while the file has no token; then every token is wrong.</returns>
    private byte[]? Read()
    {
        try
        {
            using FileStream open = File.OpenRead(file!);
            byte[] bytes = new byte[LongestToken + 1];
            int length = open.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            string text = Encoding.UTF8.GetString(bytes, 0, length).Trim().TrimStart('\uFEFF');
            return text.Length == 0 || length > LongestToken ? null : Digest(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
