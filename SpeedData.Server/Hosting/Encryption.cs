namespace SpeedData.Server.Hosting;

/// <summary>The configuration section <c>Kestrel</c>: certificates.</summary>
internal static class Encryption
{
    public const string Section = "Kestrel";

    /// <summary>Kestrel's own keys without its endpoints, which are in <c>Urls</c>.</summary>
    public static IConfigurationRoot Of(IConfiguration configuration) => new ConfigurationBuilder()
        .AddInMemoryCollection(configuration.GetSection(Section).AsEnumerable(makePathsRelative: true).Where(key => !key.Key.StartsWith("Endpoints", StringComparison.OrdinalIgnoreCase)))
        .Build();
}
