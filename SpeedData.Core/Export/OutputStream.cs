using SpeedData.Core.Host;
using SpeedData.Core.Reading;

namespace SpeedData.Core.Export;

/// <summary>Writes to a file and names the file size limit, which .NET reports as an argument out of range.</summary>
internal sealed class OutputStream(Stream inner, string path) : Stream
{
    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => true;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw Limited(e);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
        try
        {
            inner.Flush();
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw Limited(e);
        }
    }

    public override int Read(Span<byte> buffer) => inner.Read(buffer);

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin)
    {
        // Buffered bytes are written first.
        Flush();
        return inner.Seek(offset, origin);
    }

    public override void SetLength(long value)
    {
        Flush();
        inner.SetLength(value);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            DisposeInner();
        base.Dispose(disposing);
    }

    private void DisposeInner()
    {
        try
        {
            inner.Dispose();
        }
        catch (Exception e) when (e is IOException or ArgumentOutOfRangeException)
        {
            // A full disk refuses the buffered bytes again. They are lost with the file; a caller that keeps the file has flushed it
            // before.
        }
    }

    private ReadingException Limited(Exception cause)
    {
        string limit = FileSizeLimit.Current is { } bytes ? $"beyond {bytes:N0} bytes" : "of that size";
        return new ReadingException($"{path} cannot be written: this process may write no file {limit} (RLIMIT_FSIZE: ulimit -f, LimitFSIZE); raise the limit, or choose a shorter range or fewer --fields", cause) { IsOfOutput = true };
    }
}
