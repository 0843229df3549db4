using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeedData.Core.Schema;

/// <summary>Inserts the definition of each type at the place where it is first named. One thread.</summary>
/// <param name="types">The types that other files define.</param>
internal sealed class SchemaJoin(NamedTypes types)
{
    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HashSet<string> _defined = new(StringComparer.Ordinal);
    private bool _joined;

    /// <param name="text">The schema that names types of other files, as strict JSON.</param>
    /// <returns>The schema with these types; the same text if it names none.</returns>
    public string Join(string text)
    {
        JsonNode? root = Joined(JsonNode.Parse(text), "");
        return _joined ? root!.ToJsonString(AsWritten) : text;
    }

    /// <summary>Returns the types directly inside a type.</summary>
    public static IEnumerable<JsonNode?> TypesIn(JsonObject holder)
    {
        if (holder["type"] is JsonObject or JsonArray)
            yield return holder["type"];
        foreach (JsonObject field in (holder["fields"] as JsonArray)?.OfType<JsonObject>() ?? [])
            yield return field["type"];
        yield return holder["items"];
        yield return holder["values"];
    }

    /// <returns>The replacement of the type.</returns>
    private JsonNode? Joined(JsonNode? type, string space)
    {
        switch (type)
        {
            case JsonArray branches:
                for (int i = 0; i < branches.Count; i++)
                    Replace(branches[i], space, node => branches[i] = node);
                return branches;
            case JsonObject holder:
                return Joined(holder, space);
            default:
                return NamedTypes.Text(type) is { } name ? OfName(name, space) ?? type : type;
        }
    }

    private JsonNode Joined(JsonObject holder, string space)
    {
        if (NamedTypes.NameOf(holder, space) is { } name)
        {
            // The type was named before, so its definition was already inserted there.
            if (!_defined.Add(name.FullName))
                return JsonValue.Create(name.FullName);
            space = name.Namespace;
        }

        if (holder["type"] is JsonObject or JsonArray)
            Replace(holder["type"], space, node => holder["type"] = node);
        else if (holder["type"] is { } plain && NamedTypes.NameOf(holder, space) is null && NamedTypes.Text(plain) is { } type && OfName(type, space) is { } definition)
            holder["type"] = definition;
        foreach (JsonObject field in (holder["fields"] as JsonArray)?.OfType<JsonObject>() ?? [])
            Replace(field["type"], space, node => field["type"] = node);
        Replace(holder["items"], space, node => holder["items"] = node);
        Replace(holder["values"], space, node => holder["values"] = node);
        return holder;
    }

    private void Replace(JsonNode? type, string space, Action<JsonNode?> put)
    {
        JsonNode? joined = Joined(type, space);
        if (joined != type)
            put(joined);
    }

    /// <returns>The definition to insert; null if the name stays.</returns>
    private JsonNode? OfName(string name, string space)
    {
        string full = NamedTypes.Qualified(name, space);
        if (_defined.Contains(full) || types.Find(full) is not { } definition)
            return null;
        if (space.Length > 0 && !full.Contains('.', StringComparison.Ordinal))
            throw new SchemaException($"the type {full} has no namespace, but is named in {space}; give it one");
        _joined = true;
        return Joined((JsonObject)definition.DeepClone(), space);
    }
}
