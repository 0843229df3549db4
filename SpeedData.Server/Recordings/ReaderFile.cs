namespace SpeedData.Server.Recordings;

/// <summary>A temporary folder for one answer, deleted after it. The first also deletes folders that a killed server left.</summary>
internal sealed class ReaderFile : IAsyncDisposable
{
    private const string Prefix = "speeddata-answer-", LockName = "lock";

    private static readonly Lazy<int> Abandoned = new(() => DeleteAbandoned(System.IO.Path.GetTempPath()));

    private readonly DirectoryInfo _folder;
    private readonly FileStream _lock;

    public ReaderFile()
    {
        _ = Abandoned.Value;
        _folder = Directory.CreateTempSubdirectory(Prefix);
        _lock = new FileStream(System.IO.Path.Combine(_folder.FullName, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
    }

    private string Path => System.IO.Path.Combine(_folder.FullName, "answer");

    /// <param name="arguments">Returns the arguments of a command that writes to the given path.</param>
    /// <param name="stop">Ends the command.</param>
    /// <returns>The exit code, the whole error output, and the first line of standard output.</returns>
    public async Task<(int ExitCode, string Errors, string? First)> MakeAsync(Func<string, IEnumerable<string>> arguments, CancellationToken stop)
    {
        using ReaderProcess child = await ReaderProcess.StartAsync(arguments(Path));
        string? first = await child.FirstLine.WaitAsync(stop);
        (int exitCode, string errors) = await child.EndAsync(stop);
        return (exitCode, errors, first);
    }

    /// <summary>Writes a file that the command reads.</summary>
    /// <returns>The file's path.</returns>
    public string Put(string name, byte[] content)
    {
        string path = System.IO.Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public async Task SendAsync(HttpContext context)
    {
        await using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: true);
        context.Response.ContentLength = file.Length;
        await file.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    public async ValueTask DisposeAsync()
    {
        await _lock.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Deletes folders whose lock no process holds.</summary>
    /// <returns>How many were deleted.</returns>
    internal static int DeleteAbandoned(string folder)
    {
        int deleted = 0;
        foreach (string abandoned in Directory.EnumerateDirectories(folder, Prefix + "*"))
        {
            try
            {
                using (new FileStream(System.IO.Path.Combine(abandoned, LockName), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                    Directory.Delete(abandoned, recursive: true);
                deleted++;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A server uses the folder, has just created it, or it belongs to another user.
            }
        }

        return deleted;
    }
}
