using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export;

/// <summary>A batch of rows and its encoded form.</summary>
public sealed class ExportBatch(TableShape shape)
{
    public ColumnBatch Columns { get; } = new(shape.Columns);

    /// <summary>The output of <see cref="TableWriter.Encode"/>.</summary>
    public RowText Encoded { get; } = new();
}

/// <summary>Writes batches of rows in a format.</summary>
public abstract class TableWriter : IDisposable
{
    /// <summary>The number of rows in a batch that suits the format.</summary>
    public virtual int BatchRows => 4 << 10;

    /// <summary>The number of batches that are worth encoding at the same time.</summary>
    public virtual int Encoders => 1;

    /// <summary>Begins the file.</summary>
    public abstract void Begin();

    /// <summary>Encodes a batch. Any thread; several batches at once.</summary>
    public virtual void Encode(ExportBatch batch)
    {
    }

    /// <summary>Writes a batch. Called in order, on one thread.</summary>
    public abstract void Write(ExportBatch batch);

    /// <summary>Ends the file.</summary>
    public abstract void End();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
