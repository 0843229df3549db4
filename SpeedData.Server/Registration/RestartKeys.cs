using SpeedData.Core.Configuration;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Hosting;

namespace SpeedData.Server.Registration;

/// <summary>Finds changed keys that are read only at a start.</summary>
internal static class RestartKeys
{
    private static readonly (string Key, Func<SpeedDataOptions, object?> Value)[] All =
    [
        ("Storage:AvroPath", o => o.AvroPath),
        ("Storage:ChannelsPath", o => o.ChannelsPath),
        ("Storage:RequireMount", o => o.RequireMount),
        ("Shutdown:DrainFor", o => o.DrainFor),
        ("Api:Readers", o => o.Readers),
        ("Api:Writes", o => o.Api.Writes),
        ("Api:WriteFrom", o => o.Api.WriteFrom),
        ("Api:Reads", o => o.Api.Reads),
        ("Api:TokenFile", o => o.Api.TokenFile),
        ("Api:AllowedHosts", o => o.Api.AllowedHosts),
        ("Api:AllowedOrigins", o => o.Api.AllowedOrigins),
        ("Pivot:MaxRange", o => o.Pivot.MaxRange),
        ("Pivot:MaxChannels", o => o.Pivot.MaxChannels),
        ("Live:Watchers", o => o.Watchers),
        ("Pages:Path", o => o.PagesPath),
        ("Tags:MaxBytes", o => o.Tags.MaxBytes == TagLimit.Suitable ? "half of the file system" : o.Tags.MaxBytes.Bytes),
        ("Tags:Auto", o => string.Join("; ", o.Tags.Auto.Select(rule => $"{rule.Name}: {rule.When.Text}, {KeyText.Of(rule.Before)} before, {KeyText.Of(rule.After)} after"))),
    ];

    public static IReadOnlyList<RestartKey> Between(ServerPlan plan, SpeedDataOptions running, WholeConfiguration read)
    {
        List<RestartKey> keys = [];
        if (!read.Urls.SequenceEqual(plan.Urls))
            keys.Add(new RestartKey(ListenUrls.Key, string.Join(";", plan.Urls), string.Join(";", read.Urls)));
        IConfiguration after = read.Sources.Configuration;
        keys.AddRange(Differences(LogLevels.Section, plan.Configuration.GetSection(LogLevels.Section), after.GetSection(LogLevels.Section), isSecret: false));
        // These keys may contain a certificate's password.
        keys.AddRange(Differences(Encryption.Section, Encryption.Of(plan.Configuration), Encryption.Of(after), isSecret: true));
        if (read.Options is { } wanted)
            keys.AddRange(All.Where(key => !Equals(key.Value(running), key.Value(wanted))).Select(key => new RestartKey($"{SpeedDataOptions.Section}:{key.Key}", KeyText.Of(key.Value(running)), KeyText.Of(key.Value(wanted)))));
        return keys;
    }

    private static IEnumerable<RestartKey> Differences(string section, IConfiguration running, IConfiguration wanted, bool isSecret)
    {
        Dictionary<string, string?> before = Values(running), after = Values(wanted);
        return before.Keys.Union(after.Keys, StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)
            .Where(key => before.GetValueOrDefault(key) != after.GetValueOrDefault(key))
            .Select(key => new RestartKey($"{section}:{key}", Text(before.GetValueOrDefault(key), "a value"), Text(after.GetValueOrDefault(key), "another value")));

        string Text(string? value, string hidden) => value is null ? "none" : isSecret ? hidden : value;

        static Dictionary<string, string?> Values(IConfiguration of) =>
            of.AsEnumerable(makePathsRelative: true).Where(key => key.Value is not null).ToDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
