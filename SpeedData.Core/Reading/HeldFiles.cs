using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Container;
using SpeedData.Core.Reading.Catalogue;

namespace SpeedData.Core.Reading;

/// <summary>
/// Protects the files of a reading from retention, which respects the shared lock of an open file. If the disk needs the space, retention
/// deletes a file anyway; then all files are released and the reading ends. Any thread.
/// </summary>
public sealed class HeldFiles : IDisposable
{
    // Descriptors are limited. The files read last are the newest, which retention deletes last.
    private const int Most = 512;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly List<(ListedFile File, SafeFileHandle Handle)> _held = [];
    private readonly CancellationTokenSource _stop;
    private readonly Timer _looks;

    /// <param name="channels">The channels to read.</param>
    /// <param name="stop">Cancels the reading.</param>
    public HeldFiles(IEnumerable<ChannelSelection> channels, CancellationToken stop)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stop);
        foreach (FileHead head in channels.SelectMany(channel => channel.Files.Take(Most)))
            Hold(head.File);
        _looks = new Timer(_ => Look(), null, BetweenLooks, BetweenLooks);
    }

    /// <summary>Cancels the reading, also if a file was deleted.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>The deleted file; null for none.</summary>
    public string? Lost { get; private set; }

    /// <summary>Runs an action that reads the files.</summary>
    /// <exception cref="ReadingException">A file was deleted meanwhile.</exception>
    public T Reading<T>(Func<CancellationToken, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        try
        {
            return read(Stop);
        }
        catch (OperationCanceledException e) when (Lost is not null)
        {
            throw new ReadingException($"{Lost} was deleted while it was read: by retention, because the disk needed the space, or by hand", e);
        }
    }

    public void Dispose()
    {
        _looks.Dispose();
        LetGo();
        _stop.Dispose();
    }

    private void Hold(ListedFile file)
    {
        try
        {
            SafeFileHandle handle = OpenFile.Open(file.KeptPath ?? file.Path, out _);
            lock (_held)
                _held.Add((file, handle));
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            // The reader of the file reports the error.
        }
    }

    private void Look()
    {
        lock (_held)
            Lost ??= _held.Find(held => !File.Exists(held.File.Path) && !File.Exists(held.File.Finished.Path) && !File.Exists(held.File.KeptPath)).File?.Path;
        if (Lost is null)
            return;
        LetGo();
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The reading has ended already.
        }
    }

    private void LetGo()
    {
        lock (_held)
        {
            foreach ((_, SafeFileHandle handle) in _held)
                handle.Dispose();
            _held.Clear();
        }
    }
}
