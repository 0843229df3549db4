namespace SpeedData.Server.Hosting;

/// <summary>Reads certificates from the configuration section <c>Kestrel</c>.</summary>
internal static class Encryption
{
    public const string Section = "Kestrel";

    /// <summary>Returns Kestrel's section without its endpoints: <c>Urls</c> sets these.</summary>
    public static IConfigurationRoot Of(IConfiguration configuration) => new ConfigurationBuilder()
        .AddInMemoryCollection(configuration.GetSection(Section).AsEnumerable(makePathsRelative: true).Where(key => !key.Key.StartsWith("Endpoints", StringComparison.OrdinalIgnoreCase)))
        .Build();
}
