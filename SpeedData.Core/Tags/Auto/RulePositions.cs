using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive;
using SpeedData.Core.Container;

namespace SpeedData.Core.Tags.Auto;

/// <summary>Up to where the rules were evaluated, kept in <c>.tags/.auto.json</c>: after a restart they go on there.</summary>
internal sealed class RulePositions(string root, IArchiveFiles files)
{
    private readonly string _path = Path.Combine(TagFolders.Below(root), ".auto.json");
    private Dictionary<string, long> _saved = [];

    /// <summary>By a rule's name, Unix time in ns.</summary>
    public IReadOnlyDictionary<string, long> Read()
    {
        try
        {
            _saved = JsonSerializer.Deserialize(File.ReadAllBytes(_path), PositionsJson.Default.DictionaryStringInt64) ?? [];
        }
        catch (Exception e) when (OpenFile.IsTrouble(e) || e is JsonException)
        {
            _saved = [];
        }

        return _saved;
    }

    /// <summary>What cannot be written is evaluated again after a restart, which finds the tags that there are.</summary>
    public void Write(Dictionary<string, long> positions)
    {
        if (positions.Count == _saved.Count && positions.All(position => _saved.TryGetValue(position.Key, out long saved) && saved == position.Value))
            return;
        if (files.CreateFolder(TagFolders.Below(root)) != 0)
            return;
        string made = _path + FileSuffix.New;
        files.Delete(made);
        if (files.Create(made, out SafeFileHandle? file) != 0)
            return;
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(positions, PositionsJson.Default.DictionaryStringInt64);
        bool isWhole;
        using (file)
            isWhole = files.Write(file!, 0, new WritePieces(bytes, default, default, default)).IsWhole(bytes.Length) && files.Sync(file!) == 0;
        if (isWhole && files.Replace(made, _path) == 0)
            _saved = positions;
        else
            files.Delete(made);
    }
}

[JsonSerializable(typeof(Dictionary<string, long>))]
internal sealed partial class PositionsJson : JsonSerializerContext;
