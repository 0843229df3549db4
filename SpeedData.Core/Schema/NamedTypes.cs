using System.Text.Json.Nodes;

namespace SpeedData.Core.Schema;

/// <summary>The named types of schema files, by their full names.</summary>
internal sealed class NamedTypes
{
    private readonly Dictionary<string, (JsonObject Definition, string File)> _types = new(StringComparer.Ordinal);

    /// <summary>Returns the name with its namespace, and the namespace that applies inside the definition.</summary>
    public static (string FullName, string Namespace)? NameOf(JsonObject definition, string enclosing)
    {
        if (Text(definition["type"]) is not ("record" or "error" or "enum" or "fixed") || Text(definition["name"]) is not { } name)
            return null;
        if (name.LastIndexOf('.') is >= 0 and var dot)
            return (name, name[..dot]);
        string space = Text(definition["namespace"]) ?? enclosing;
        return (Qualified(name, space), space);
    }

    public static string Qualified(string name, string space) => space.Length == 0 || name.Contains('.', StringComparison.Ordinal) ? name : $"{space}.{name}";

    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>Returns the definition of a type; null if there is none.</summary>
    public JsonObject? Find(string fullName) => _types.TryGetValue(fullName, out (JsonObject Definition, string File) type) ? type.Definition : null;

    /// <summary>Adds every type that a file defines, at any depth.</summary>
    /// <exception cref="SchemaException">Another file defines one of the types.</exception>
    public void Add(JsonNode? node, string file, string space = "")
    {
        switch (node)
        {
            case JsonArray branches:
                foreach (JsonNode? branch in branches)
                    Add(branch, file, space);
                break;
            case JsonObject holder:
                Add(holder, file, space);
                break;
        }
    }

    private void Add(JsonObject holder, string file, string space)
    {
        if (NameOf(holder, space) is { } name)
        {
            if (_types.TryGetValue(name.FullName, out (JsonObject Definition, string File) other))
                throw new SchemaException($"{file} and {other.File} both define {name.FullName}; keep one of them");
            space = name.Namespace;
            _types.Add(name.FullName, (WithNamespace(holder, space), file));
        }

        foreach (JsonNode? inner in SchemaJoin.TypesIn(holder))
            Add(inner, file, space);
    }

    // The definition moves to a place that may have another namespace around it.
    private static JsonObject WithNamespace(JsonObject definition, string space)
    {
        var copy = (JsonObject)definition.DeepClone();
        if (Text(copy["name"])?.Contains('.', StringComparison.Ordinal) != true)
            copy["namespace"] = space;
        return copy;
    }
}
