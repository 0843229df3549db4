using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Schema;
using SpeedData.Server.Registration;

namespace SpeedData.Server.Http.Registering;

/// <summary>Computes a channel's ETag. It changes whenever a key or the schema changes.</summary>
internal static class ChannelTag
{
    private static readonly ConditionalWeakTable<RecordSchema, string> Schemas = [];

    public static string Of(Channel channel)
    {
        string keys = channel is BrokenChannel broken
            ? Encoding.UTF8.GetString(broken.File.Text)
            : string.Join('\n', ChannelKeys.All.Select(key => $"{key.Name}={KeyText.Of(key.Value(channel.Options))}"));
        string schema = string.Concat(channel.KnownSchemas?.Select(known => Schemas.GetValue(known, s => Digest(s.Text))) ?? []);
        return $"\"{Digest(keys + schema)}\"";
    }

    /// <summary>Whether the request may change the channel: it has no If-Match, or its If-Match names the present state.</summary>
    public static bool MayChange(HttpRequest request, Channel? channel)
    {
        string[] wanted = [.. request.Headers.IfMatch.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries))];
        return wanted.Length == 0 || (channel is not null && (wanted.Contains("*") || wanted.Contains(Of(channel))));
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}
