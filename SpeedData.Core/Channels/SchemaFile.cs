using SpeedData.Core.Configuration;
using SpeedData.Core.Host;
using SpeedData.Core.Schema;
using SpeedData.Core.Sockets;
using SpeedData.Core.Threading;

namespace SpeedData.Core.Channels;

/// <summary>
/// Reads a channel's schema files, which may appear later or be on a disk that does not answer. A separate thread reads them, so
/// no caller waits for long. One thread at a time.
/// </summary>
public sealed class SchemaFile(ChannelOptions options)
{
    private Task<RecordSchemas>? _reading;

    /// <param name="patience">How long to wait for a reading that begins now. A reading that began earlier is only checked.</param>
    /// <exception cref="ChannelSetupException">A file is missing, cannot be used, or does not answer. A later call may succeed.</exception>
    public RecordSchemas Load(FilePatience patience)
    {
        TimeSpan wait = _reading is null ? patience.For(options.SchemaPath) : TimeSpan.Zero;
        _reading ??= Read();
        try
        {
            if (!_reading.Wait(wait))
            {
                patience.Lose(options.SchemaPath);
                throw Fault(options.SchemaPath, "the file system does not answer");
            }
        }
        catch (AggregateException e)
        {
            _reading = null;
            if (e.GetBaseException() is ChannelSetupException known)
                throw new ChannelSetupException(known.Message, known);
            throw Fault(options.SchemaPath, e.GetBaseException().Message, e.InnerException);
        }

        RecordSchemas schemas = _reading.Result;
        _reading = null;
        foreach ((string path, RecordSchema schema) in options.SchemaPaths.Zip(schemas))
        {
            if (options.Time.Field is { } field && !TimeField.Candidates(schema.Layout).Contains(field))
                throw Fault(path, $"it has no field {field} that Time:Field can name");
        }

        return schemas;
    }

    private Task<RecordSchemas> Read()
    {
        var reading = new TaskCompletionSource<RecordSchemas>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            OwnedThread.Start($"{options.Name} schema", () => Complete(reading));
        }
        catch (ThreadRoomException e)
        {
            reading.SetException(e);
        }

        return reading.Task;
    }

    private void Complete(TaskCompletionSource<RecordSchemas> reading)
    {
        try
        {
            reading.SetResult(new RecordSchemas([.. options.SchemaPaths.Select(Load)]));
        }
        catch (Exception e)
        {
            reading.SetException(e);
        }
    }

    private RecordSchema Load(string path)
    {
        try
        {
            return RecordSchema.Load(path, options.SchemaRoot);
        }
        catch (SchemaException e)
        {
            throw Fault(path, e.Message, e);
        }
    }

    private static ChannelSetupException Fault(string path, string why, Exception? inner = null) => new($"Schema = {path}: {why}", inner);
}
