using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Reading.Catalogue;

/// <summary>An open container file, read up to its length at opening. One thread.</summary>
internal sealed class OpenArchive : IDisposable
{
    private readonly SafeFileHandle _handle;

    private OpenArchive(ListedFile file, SafeFileHandle handle, ContainerReader reader, RecordLayout? layout, string? schemaFault)
    {
        (File, _handle, Reader, Layout, SchemaFault) = (file, handle, reader, layout, schemaFault);
        Time = layout is null ? null : TimeField.Of(layout, reader.Header.Text(TimeField.HeaderKey));
    }

    public ListedFile File { get; }

    public ContainerReader Reader { get; }

    /// <summary>The record layout; null if the schema cannot be used, as <see cref="SchemaFault"/> explains.</summary>
    public RecordLayout? Layout { get; }

    public string? SchemaFault { get; }

    public TimeField? Time { get; }

    /// <summary>Whether the channel has files of other schemas that cover the same time.</summary>
    public bool IsAlternative => Reader.Header.Metadata.ContainsKey(ContainerHeader.AlternativeKey);

    /// <returns>Null if the file cannot be opened, or is not a container file.</returns>
    public static OpenArchive? TryOpen(ListedFile file, SchemaCache schemas, out string? why, int window = ContainerReader.UsualWindow)
    {
        SafeFileHandle? handle = null;
        OpenArchive? open = null;
        try
        {
            handle = Open(ref file, out IByteSource source);
            var reader = ContainerReader.Open(source, out ContainerFault? fault, window);
            why = fault?.Why;
            if (reader is null)
                return null;
            (RecordLayout? layout, string? schemaFault) = schemas.Of(reader.Header.Schema);
            return open = new OpenArchive(file, handle, reader, layout, schemaFault);
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            why = e.Message;
            return null;
        }
        finally
        {
            if (open is null)
                handle?.Dispose();
        }
    }

    public void Dispose() => _handle.Dispose();

    // After the folder was listed, a part file may have been finished, or a file that a tag keeps may have been deleted.
    private static SafeFileHandle Open(ref ListedFile file, out IByteSource source)
    {
        try
        {
            return OpenFile.Open(file.Path, out source);
        }
        catch (Exception e) when (OpenFile.IsMissing(e) && Elsewhere(file) is not null)
        {
            file = Elsewhere(file)!;
            return Open(ref file, out source);
        }
    }

    private static ListedFile? Elsewhere(ListedFile file) => file.IsPart ? file.Finished : file.Kept;
}
