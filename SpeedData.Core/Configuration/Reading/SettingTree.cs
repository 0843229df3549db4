using Microsoft.Extensions.Configuration;

namespace SpeedData.Core.Configuration.Reading;

/// <summary>The section of the configuration as a tree of texts.</summary>
internal static class SettingTree
{
    public static SettingNode Read(IConfigurationRoot configuration, string section)
    {
        var root = new SettingNode(section, section);
        int layer = 0;
        foreach (IConfigurationProvider provider in Providers(configuration))
            Add(provider, layer++, root);
        return root;
    }

    /// <summary>All providers, also those of a configuration that was put into another as a whole.</summary>
    public static IEnumerable<IConfigurationProvider> Providers(IConfigurationRoot configuration) =>
        configuration.Providers.SelectMany(p => p is ChainedConfigurationProvider { Configuration: IConfigurationRoot inner } ? Providers(inner) : [p]);

    private static void Add(IConfigurationProvider provider, int layer, SettingNode node)
    {
        // Names come once for each key below them.
        foreach (string name in provider.GetChildKeys([], node.Path).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            SettingNode child = node.GetOrAdd(name);
            if (provider.TryGet(child.Path, out string? value))
                child.Set(value, layer);
            Add(provider, layer, child);
        }
    }
}
