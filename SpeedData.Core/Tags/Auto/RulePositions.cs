using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive;
using SpeedData.Core.Container;

namespace SpeedData.Core.Tags.Auto;

/// <summary>Stores the position of each rule in <c>.tags/.auto.json</c>, from which the rule continues after a restart.</summary>
internal sealed class RulePositions(string root, IArchiveFiles files)
{
    private readonly string _path = Path.Combine(TagFolders.Below(root), ".auto.json");
    private Dictionary<string, long> _saved = [];

    /// <summary>Reads the positions by rule name, as Unix time in ns.</summary>
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

    /// <summary>Writes the positions. If that fails, a restart evaluates records again and finds the existing tags.</summary>
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
