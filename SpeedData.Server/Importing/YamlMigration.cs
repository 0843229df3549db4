using System.Globalization;
using System.Text.Json.Nodes;
using SpeedData.Core.Configuration;
using YamlDotNet.RepresentationModel;

namespace SpeedData.Server.Importing;

/// <summary>
/// Converts a YAML document of the predecessor to a configuration. Case, underscores and hyphens in keys do not matter. Unknown
/// keys are listed in <see cref="Unknown"/>.
/// </summary>
/// <param name="baseDirectory">The folder that relative paths of the document start from.</param>
internal sealed class YamlMigration(string baseDirectory)
{
    private readonly JsonObject _storage = [];
    private readonly JsonArray _channels = [];
    private string? _host;
    private string? _httpPort;

    /// <summary>Keys that were left out, with their positions.</summary>
    public List<string> Unknown { get; } = [];

    /// <returns>The configuration.</returns>
    public JsonObject Of(YamlMappingNode document)
    {
        Top(document, "");
        var section = new JsonObject();
        if (_storage.Count > 0)
            section["Storage"] = _storage;
        section["Channels"] = _channels;
        var root = new JsonObject();
        if (_host is not null || _httpPort is not null)
            root["Urls"] = $"http://{_host ?? "127.0.0.1"}:{_httpPort ?? "8080"}";
        root[SpeedDataOptions.Section] = section;
        return root;
    }

    private void Top(YamlMappingNode map, string place)
    {
        foreach ((string key, string name, YamlNode value) in Entries(map, place))
        {
            switch (key)
            {
                case "channels" or "signals" or "streams":
                    Channels(value, name);
                    break;
                case "speeddata" or "server" or "storage" or "recorder" or "http" or "api" or "archive" or "registry" when value is YamlMappingNode inner:
                    Top(inner, name + ".");
                    break;
                case "avropath" or "avrodir" or "datapath" or "datadir" or "dataroot" or "outputdir" or "outputpath" or "archivepath" or "archivedir" or "basepath" or "path" when value is YamlScalarNode:
                    _storage["AvroPath"] = FullPath(Text(value));
                    break;
                case "host" or "httphost" or "apihost" or "bind" when value is YamlScalarNode:
                    _host = Text(value);
                    break;
                case "port" or "httpport" or "apiport" when value is YamlScalarNode:
                    _httpPort = Text(value);
                    break;
                default:
                    Unknown.Add(name);
                    break;
            }
        }
    }

    private void Channels(YamlNode node, string place)
    {
        if (node is YamlSequenceNode list)
        {
            for (int i = 0; i < list.Children.Count; i++)
                Channel(list.Children[i], null, string.Create(CultureInfo.InvariantCulture, $"{place}[{i}]"));
        }
        else if (node is YamlMappingNode map)
        {
            foreach ((_, string name, YamlNode value) in Entries(map, place + "."))
                Channel(value, name[(place.Length + 1)..], name);
        }
        else
        {
            Unknown.Add(place);
        }
    }

    private void Channel(YamlNode node, string? channel, string place)
    {
        if (node is not YamlMappingNode map)
        {
            Unknown.Add(place);
            return;
        }

        var keys = new JsonObject();
        if (channel is not null)
            keys["Name"] = channel;
        Keys(map, place + ".", keys);
        _channels.Add(keys);
    }

    private void Keys(YamlMappingNode map, string place, JsonObject channel)
    {
        foreach ((string key, string name, YamlNode value) in Entries(map, place))
        {
            if (key is "config" or "decimation" or "rotation" or "decimated" or "fullrate" or "full" or "archive" && value is YamlMappingNode group)
                Group(key, group, name, channel);
            else if (value is not YamlScalarNode || !TrySet(key, Text(value), channel))
                Unknown.Add(name);
        }
    }

    private void Group(string key, YamlMappingNode group, string place, JsonObject channel)
    {
        if (key is "config" or "archive")
        {
            Keys(group, place + ".", channel);
            return;
        }

        foreach ((string inner, string name, YamlNode value) in Entries(group, place + "."))
        {
            if (value is not YamlScalarNode || !TrySet(key + inner, Text(value), channel))
                Unknown.Add(name);
        }
    }

    private bool TrySet(string key, string text, JsonObject channel)
    {
        switch (key)
        {
            case "name" or "id":
                channel["Name"] = text;
                return true;
            case "port" or "inputport" or "udpport" or "listenport" or "receiveport":
                channel["Port"] = Number(text);
                return true;
            case "schema" or "schemapath" or "schemafile" or "avsc":
                channel["Schema"] = FullPath(text);
                return true;
            case "decimation" or "decimationfactor" or "factor":
                Inner(channel, "Decimated")["Factor"] = Number(text);
                return true;
            case "decimationalgorithm" or "algorithm" or "decimatedalgorithm":
                Inner(channel, "Decimated")["Algorithm"] = text;
                return true;
            case "rotation" or "rotationseconds" or "rotationinterval" or "rotationperiod" or "rotateseconds":
                Inner(channel, "Archive")["RotateEvery"] = text + " s";
                return true;
            default:
                return TrySetStream(key, text, channel);
        }
    }

    private static bool TrySetStream(string key, string text, JsonObject channel)
    {
        (string? stream, string rest) = key.StartsWith("decimated", StringComparison.Ordinal) ? ("Decimated", key["decimated".Length..])
            : key.StartsWith("fullrate", StringComparison.Ordinal) ? ("FullRate", key["fullrate".Length..])
            : key.StartsWith("full", StringComparison.Ordinal) ? ("FullRate", key["full".Length..])
            : ((string?)null, "");
        string? ours = rest switch
        {
            "port" => "Port",
            "address" or "group" or "multicast" or "multicastaddress" or "multicastgroup" => "Address",
            "interface" => "Interface",
            "ttl" => "Ttl",
            _ => null,
        };
        if (stream is null || ours is null)
            return false;
        Inner(channel, stream)[ours] = ours is "Port" or "Ttl" ? Number(text) : text;
        return true;
    }

    private static JsonObject Inner(JsonObject channel, string group)
    {
        if (channel[group] is not JsonObject inner)
            channel[group] = inner = [];
        return inner;
    }

    private static JsonNode Number(string text) => long.TryParse(text, CultureInfo.InvariantCulture, out long number) ? number : text;

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value ?? "";

    private string FullPath(string path) => Path.GetFullPath(path, baseDirectory);

    private static IEnumerable<(string Key, string Name, YamlNode Value)> Entries(YamlMappingNode map, string place) =>
        map.Children.Select(entry => (Plain(entry.Key.ToString()), place + entry.Key, entry.Value));

    private static string Plain(string key) => key.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
}
