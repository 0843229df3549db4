using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Container;
using SpeedData.Core.Reading.Catalogue;

namespace SpeedData.Core.Reading;

/// <summary>
/// Keeps the files of a reading from retention: an open file has a shared lock, for which retention looks. Where the disk needs
/// the room a file is deleted all the same; then all are let go, and the reading ends. Any thread.
/// </summary>
public sealed class HeldFiles : IDisposable
{
    // Descriptors are few; the files that are read last are the youngest, which retention takes last.
    private const int Most = 512;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly List<(ListedFile File, SafeFileHandle Handle)> _held = [];
    private readonly CancellationTokenSource _stop;
    private readonly Timer _looks;

    /// <param name="channels">What is read.</param>
    /// <param name="stop">Ends the reading.</param>
    public HeldFiles(IEnumerable<ChannelSelection> channels, CancellationToken stop)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stop);
        foreach (FileHead head in channels.SelectMany(channel => channel.Files.Take(Most)))
            Hold(head.File);
        _looks = new Timer(_ => Look(), null, BetweenLooks, BetweenLooks);
    }

    /// <summary>Ends the reading, also where a file was deleted.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>The file that was deleted meanwhile; null for none.</summary>
    public string? Lost { get; private set; }

    /// <summary>Does what reads the files.</summary>
    /// <exception cref="ReadingException">One was deleted meanwhile.</exception>
    public T Reading<T>(Func<CancellationToken, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        try
        {
            return read(Stop);
        }
        catch (OperationCanceledException e) when (Lost is not null)
        {
            throw new ReadingException($"{Lost} was deleted while it was read: by retention, since the disk needed the room, or by hand", e);
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
            // Whoever reads it says what is wrong with it.
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
            // The reading had ended.
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
