namespace SpeedData.Core.Schema;

/// <summary>The schemas in use, by their text. Channels with the same text share one compiled schema. Any thread.</summary>
internal static class SharedSchemas
{
    private static readonly Dictionary<string, WeakReference<RecordSchema>> InUse = [];

    /// <exception cref="SchemaException">The text is not the schema of a record.</exception>
    public static RecordSchema Of(string text)
    {
        if (Find(text) is { } known)
            return known;
        RecordSchema schema = RecordSchema.Parse(text);
        lock (InUse)
        {
            foreach (string unused in InUse.Where(entry => !entry.Value.TryGetTarget(out _)).Select(entry => entry.Key).ToList())
                InUse.Remove(unused);
            InUse[text] = new WeakReference<RecordSchema>(schema);
        }

        return schema;
    }

    private static RecordSchema? Find(string text)
    {
        lock (InUse)
            return InUse.TryGetValue(text, out WeakReference<RecordSchema>? entry) && entry.TryGetTarget(out RecordSchema? schema) ? schema : null;
    }
}
