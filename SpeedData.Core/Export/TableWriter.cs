using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export;

/// <summary>A batch on its way through the writer.</summary>
public sealed class ExportBatch(TableShape shape)
{
    public ColumnBatch Columns { get; } = new(shape.Columns);

    /// <summary>What <see cref="TableWriter.Encode"/> made of it.</summary>
    public RowText Encoded { get; } = new();
}

/// <summary>Writes batches of columns in a format.</summary>
public abstract class TableWriter : IDisposable
{
    /// <summary>Rows of a batch that suit the format.</summary>
    public virtual int BatchRows => 4 << 10;

    /// <summary>Begins the file.</summary>
    public abstract void Begin();

    /// <summary>What can be done for several batches at once. Any thread.</summary>
    public virtual void Encode(ExportBatch batch)
    {
    }

    /// <summary>Batches in their order; one thread.</summary>
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
