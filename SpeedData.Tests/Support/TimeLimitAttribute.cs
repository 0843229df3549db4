using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using NUnit.Framework.Internal.Commands;

namespace SpeedData.Tests.Support;

/// <summary>
/// Gives every test of the assembly a time limit: a test that hangs fails by name, and the other tests continue. NUnit's own
/// limits need Thread.Abort, which .NET no longer has. The thread of a hanging test stays behind.
/// </summary>
/// <param name="seconds">The limit; <see cref="Variable"/> overrides it.</param>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class TimeLimitAttribute(int seconds) : Attribute, ITestAction, IWrapSetUpTearDown
{
    /// <summary>Environment variable with a different limit, in seconds.</summary>
    public const string Variable = "SPEEDDATA_TEST_SECONDS";

    private readonly TimeSpan _limit = TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable(Variable), System.Globalization.CultureInfo.InvariantCulture, out double given) ? given : seconds);

    public ActionTargets Targets => ActionTargets.Suite;

    /// <summary>NUnit looks for command wrappers on methods only, so each method gets this one before any test runs.</summary>
    public void BeforeTest(ITest test)
    {
        if (test is TestMethod { Method: var method and not LimitedMethod } limited)
            limited.Method = new LimitedMethod(method, this);
        foreach (ITest inner in test.Tests)
            BeforeTest(inner);
    }

    public void AfterTest(ITest test)
    {
    }

    public TestCommand Wrap(TestCommand command) => new LimitedCommand(command, _limit);

    private sealed class LimitedCommand(TestCommand inner, TimeSpan limit) : DelegatingTestCommand(inner)
    {
        public override TestResult Execute(TestExecutionContext context)
        {
            Exception? thrown = null;
            var thread = new Thread(() =>
            {
                try
                {
                    innerCommand.Execute(context);
                }
                catch (Exception e)
                {
                    thrown = e;
                }
            })
            { IsBackground = true };
            thread.Start();
            if (!thread.Join(limit))
            {
                // Uses a new result, since the hanging thread may still write to the context's result.
                TestResult failed = Test.MakeTestResult();
                failed.SetResult(ResultState.Failure, $"did not end within {limit.TotalSeconds} s");
                context.CurrentResult = failed;
            }
            else if (thrown is not null)
            {
                context.CurrentResult.RecordException(thrown);
            }

            return context.CurrentResult;
        }
    }

    /// <summary>A test method with one more attribute.</summary>
    private sealed class LimitedMethod(IMethodInfo method, TimeLimitAttribute added) : IMethodInfo
    {
        public ITypeInfo TypeInfo => method.TypeInfo;

        public System.Reflection.MethodInfo MethodInfo => method.MethodInfo;

        public string Name => method.Name;

        public bool IsAbstract => method.IsAbstract;

        public bool IsPublic => method.IsPublic;

        public bool IsStatic => method.IsStatic;

        public bool ContainsGenericParameters => method.ContainsGenericParameters;

        public bool IsGenericMethod => method.IsGenericMethod;

        public bool IsGenericMethodDefinition => method.IsGenericMethodDefinition;

        public ITypeInfo ReturnType => method.ReturnType;

        public IParameterInfo[] GetParameters() => method.GetParameters();

        public Type[] GetGenericArguments() => method.GetGenericArguments();

        public IMethodInfo MakeGenericMethod(params Type[] typeArguments) => method.MakeGenericMethod(typeArguments);

        public object? Invoke(object? fixture, params object?[]? args) => method.Invoke(fixture, args);

        public T[] GetCustomAttributes<T>(bool inherit)
            where T : class => added is T one ? [.. method.GetCustomAttributes<T>(inherit), one] : method.GetCustomAttributes<T>(inherit);

        public bool IsDefined<T>(bool inherit)
            where T : class => added is T || method.IsDefined<T>(inherit);
    }
}
