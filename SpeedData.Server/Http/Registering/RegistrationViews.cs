using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SpeedData.Core.Configuration;
using SpeedData.Server.Registration;

namespace SpeedData.Server.Http.Registering;

/// <summary>Why a request was refused; what is not known is left out.</summary>
internal sealed record ProblemView(string Error)
{
    public IReadOnlyList<string>? Required { get; init; }

    public string? Name { get; init; }

    public int? Port { get; init; }

    public string? UsedBy { get; init; }

    public string? Path { get; init; }

    public string? Details { get; init; }

    /// <summary>The configuration file of a fixed channel.</summary>
    public string? File { get; init; }

    public string? Etag { get; init; }

    public bool? Valid { get; init; }

    public IReadOnlyList<KeyFindingView>? Findings { get; init; }
}

/// <summary>One thing that is wrong, or deserves attention.</summary>
internal sealed record KeyFindingView(string Key, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Value, string Why)
{
    public string? Channel { get; init; }
}

/// <summary>A channel was registered, changed or removed.</summary>
internal sealed record DoneView(string Status, string Name, string Message)
{
    public int? Port { get; init; }

    public int? Pid { get; init; }

    public string? Etag { get; init; }

    public IReadOnlyList<KeyChange>? Changes { get; init; }

    public IReadOnlyList<KeyFindingView>? Warnings { get; init; }
}

/// <summary>A channel that could be registered, and what that would change.</summary>
/// <param name="Valid">True.</param>
/// <param name="Action"><c>add</c>, or <c>change</c> if there is a channel of that name.</param>
/// <param name="Port">The port it would get.</param>
/// <param name="Warnings">What deserves attention.</param>
/// <param name="Changes">The keys that would change, and what each costs.</param>
internal sealed record ValidView(bool Valid, string Action, int Port, IReadOnlyList<KeyFindingView> Warnings, IReadOnlyList<KeyChange> Changes);

/// <summary>Whether a schema is the registered one.</summary>
internal sealed record SchemaMatchView(bool Valid, string Message)
{
    public JsonElement? RegisteredSchema { get; init; }

    public JsonElement? ProvidedSchema { get; init; }
}

internal sealed record PortRangeView(int Start, int End);

internal sealed record FreePortsView(PortRangeView Range, IReadOnlyList<int> Available, int Count);

/// <summary>A port; the channel is null for a free one, and for one that another program has.</summary>
internal sealed record PortStatusView(int Port, bool Available, string Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Channel);

/// <summary>What a reload did, or with dry_run would do. The lists hold names.</summary>
internal sealed record ReloadView(
    string Status,
    bool DryRun,
    IReadOnlyList<string> Added,
    IReadOnlyList<string> Changed,
    IReadOnlyList<string> Removed,
    IReadOnlyList<string> Unchanged,
    IReadOnlyDictionary<string, IReadOnlyList<KeyChange>> Changes,
    IReadOnlyList<RestartKey> RestartRequired,
    IReadOnlyList<string> Warnings);

/// <summary>What this is.</summary>
internal sealed record ServiceView(string Status, string Service, string Version);

/// <summary>The channel as it was registered: what PUT takes.</summary>
internal sealed record RegistrationView(string Name, int Port, JsonElement Schema, JsonElement Config);

[JsonSerializable(typeof(ProblemView))]
[JsonSerializable(typeof(DoneView))]
[JsonSerializable(typeof(ValidView))]
[JsonSerializable(typeof(SchemaMatchView))]
[JsonSerializable(typeof(FreePortsView))]
[JsonSerializable(typeof(PortStatusView))]
[JsonSerializable(typeof(ReloadView))]
[JsonSerializable(typeof(ServiceView))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class RegistrationJson : JsonSerializerContext
{
    /// <summary>As the other answers: a path stays as it was written.</summary>
    public static readonly RegistrationJson Readable = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <param name="fault">What is wrong.</param>
    /// <param name="file">The file whose keys are meant; null for keys of several files.</param>
    public static KeyFindingView ViewOf(ConfigurationFault fault, string? file = null) => new(Within(fault.Key, file), fault.Value, fault.Message) { Channel = file is null ? fault.Channel : null };

    public static KeyFindingView ViewOf(ConfigurationWarning warning, string file) => new(Within(warning.Key, file), warning.Value, warning.Message);

    private static string Within(string key, string? file) =>
        file is { } path && key.StartsWith(path, StringComparison.Ordinal) ? key[path.Length..].TrimStart(':', ',', ' ') : key;
}
