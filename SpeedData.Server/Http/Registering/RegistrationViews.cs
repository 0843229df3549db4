using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SpeedData.Core.Configuration;
using SpeedData.Server.Registration;

namespace SpeedData.Server.Http.Registering;

/// <summary>Why a request was refused. Unknown values are left out.</summary>
internal sealed record ProblemView(string Error)
{
    public IReadOnlyList<string>? Required { get; init; }

    public string? Name { get; init; }

    public int? Port { get; init; }

    public string? UsedBy { get; init; }

    public string? Path { get; init; }

    public string? Details { get; init; }

    /// <summary>The configuration file that contains the fixed channel.</summary>
    public string? File { get; init; }

    public string? Etag { get; init; }

    public bool? Valid { get; init; }

    public IReadOnlyList<KeyFindingView>? Findings { get; init; }

    public static ProblemView Of(string error, params KeyFindingView[] findings) => new(error) { Findings = findings };
}

/// <summary>A fault or a warning about one key.</summary>
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

/// <summary>The answer about a valid channel: what registering it would change.</summary>
/// <param name="Valid">Always true.</param>
/// <param name="Action"><c>add</c>, or <c>change</c> if the channel exists.</param>
/// <param name="Port">The port that the channel would get.</param>
/// <param name="Warnings">Warnings about keys.</param>
/// <param name="Changes">The keys that would change, and what each change costs.</param>
internal sealed record ValidView(bool Valid, string Action, int Port, IReadOnlyList<KeyFindingView> Warnings, IReadOnlyList<KeyChange> Changes);

/// <summary>Whether a schema is the same as the registered one.</summary>
internal sealed record SchemaMatchView(bool Valid, string Message)
{
    public JsonElement? RegisteredSchema { get; init; }

    public JsonElement? ProvidedSchema { get; init; }
}

internal sealed record PortRangeView(int Start, int End);

internal sealed record FreePortsView(PortRangeView Range, IReadOnlyList<int> Available, int Count);

/// <summary>The state of a port. The channel is null if the port is free or belongs to another program.</summary>
internal sealed record PortStatusView(int Port, bool Available, string Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Channel);

/// <summary>What a reload did, or would do with dry_run. The lists contain channel names.</summary>
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

/// <summary>Names this service and its version.</summary>
internal sealed record ServiceView(string Status, string Service, string Version);

/// <summary>The channel as it was registered, in the form that PUT accepts.</summary>
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
    /// <summary>Like the other answers, does not escape characters in paths.</summary>
    public static readonly RegistrationJson Readable = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <param name="fault">The fault.</param>
    /// <param name="file">The file that contains the key; null if the keys are from several files.</param>
    public static KeyFindingView ViewOf(ConfigurationFault fault, string? file = null) => new(Within(fault.Key, file), fault.Value, Without(file, fault.Message)) { Channel = file is null ? fault.Channel : null };

    public static KeyFindingView ViewOf(ConfigurationWarning warning, string file) => new(Within(warning.Key, file), warning.Value, Without(file, warning.Message));

    private static string Within(string key, string? file) =>
        file is { } path && key.StartsWith(path, StringComparison.Ordinal) ? key[path.Length..].TrimStart(':', ',', ' ') : key;

    /// <summary>Names keys as the request does. The client knows no file, and need not learn where the server keeps it.</summary>
    private static string Without(string? file, string text) =>
        file is null ? text : text.Replace($"{file}:", "", StringComparison.Ordinal).Replace($" in {file} ", " ", StringComparison.Ordinal);
}
