namespace SpeedData.Tests.Support;

/// <summary>A temporary folder of one test, deleted when disposed.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("speeddata-test-").FullName;

    public string Write(string name, string text)
    {
        string path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Something that the test has stopped may write its last file meanwhile, so that the folder is not empty.</summary>
    public void Dispose() => Eventually.True(TryDelete, $"{Path} is deleted");

    private bool TryDelete()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            return !Directory.Exists(Path);
        }

        return true;
    }
}
