namespace SpeedData.Server.Recordings;

/// <summary>A file that a reading command makes for one answer, and that goes with it.</summary>
internal sealed class ReaderFile : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("speeddata-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "answer");

    /// <param name="arguments">Of the command that writes to a path.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>Its exit code, all that it said, and the first line of that.</returns>
    public async Task<(int ExitCode, string Errors, string? First)> MakeAsync(Func<string, IEnumerable<string>> arguments, CancellationToken stop)
    {
        using ReaderProcess child = await ReaderProcess.StartAsync(arguments(Path));
        string? first = await child.FirstLine.WaitAsync(stop);
        (int exitCode, string errors) = await child.EndAsync(stop);
        return (exitCode, errors, first);
    }

    public async Task SendAsync(HttpContext context)
    {
        await using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: true);
        context.Response.ContentLength = file.Length;
        await file.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
