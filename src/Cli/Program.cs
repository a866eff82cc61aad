using HunyuanPortrait.Cli.Commands;

return await PortraitProgram.RunAsync(args).ConfigureAwait(false);
